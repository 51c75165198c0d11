package io.streamer.shared.push;

/** What an answer of the {@code @connections} API, or the lack of one, says of a push. */
public final class Outcomes {
  private Outcomes() {}

  /**
   * Of an alias that leads nowhere. A node without a row has left, and its sockets with it. An API
   * that is not among the settings is there, with its sockets: where the settings are repaired, a
   * job's end can still be sent.
   */
  public static Pushed unknown(String endpoint) {
    return endpoint.startsWith(Endpoints.API)
        ? new Pushed.Failed(
            endpoint + " has no address: add it to STREAMER_API_ENDPOINTS and restart", false)
        : new Pushed.Gone();
  }

  /** By the status alone: not every answer has its type. */
  public static Pushed of(String endpoint, PushAnswer answer) {
    if (answer.isDone()) {
      return new Pushed.Delivered();
    }
    if (answer.isGone()) {
      return new Pushed.Gone();
    }
    var status = answer.status();
    return new Pushed.Failed(endpoint + " answered " + status, status == 429 || status >= 500);
  }

  /** Of whoever gave no answer. */
  public static Pushed unreachable(String endpoint, UnansweredException e) {
    return new Pushed.Failed(endpoint + " is out of reach: " + e.getMessage(), true);
  }
}
