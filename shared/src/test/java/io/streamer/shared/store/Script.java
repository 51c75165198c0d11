package io.streamer.shared.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Executes calls with answers given beforehand and notes what was asked. */
final class Script {
  final List<StoreRequest> asked = new ArrayList<>();

  <T> T run(Call<T> call, Answer... answers) {
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
