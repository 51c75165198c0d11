package io.streamer.shared.store;

import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Executes calls with answers given beforehand and notes what was asked. */
public final class Script {
  public final List<StoreRequest> asked = new ArrayList<>();

  public <T> T run(Call<T> call, Answer... answers) {
    var step = call;
    for (int i = 0; ; i++) {
      switch (step) {
        case Call.Done<T>(var value) -> {
          return value;
        }
        case Call.Ask<T>(StoreRequest request, Function<Answer, Call<T>> next) -> {
          asked.add(request);
          step = next.apply(answers[i]);
        }
      }
    }
  }
}
