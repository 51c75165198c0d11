package io.streamer.local.feed;

import io.streamer.handler.RawJson;
import io.streamer.shared.payload.Payloads;
import java.util.List;
import java.util.function.Supplier;

/** What is to be said of the stage as a whole. */
record StageFacts(StageControl control, Supplier<Served> served) {
  private record Said(
      List<String> actions,
      String edition,
      List<String> running,
      int faultRules,
      boolean faultsOn) {}

  RawJson json() {
    var now = served.get();
    return Payloads.write(
        new Said(
            now.actions(),
            now.edition(),
            control.running(),
            control.faultRules(),
            control.faultsOn()));
  }
}
