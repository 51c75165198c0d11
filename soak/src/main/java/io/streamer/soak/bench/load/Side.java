package io.streamer.soak.bench.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;

/**
 * One of those that are compared.
 *
 * @param action whom the clients ask
 * @param reply what the server answers with
 */
public record Side(String name, URI door, long pid, String action, Reply reply) {
  private static final String PAYLOAD =
      "{\"text\":\"" + "abcdefgh".repeat(8) + "\",\"number\":1234567}";

  /** The same under another name. */
  public Side named(String other) {
    return new Side(other, door, pid, action, reply);
  }

  /** To be followed by an order's own members. */
  public JsonObject order(String what) {
    return new JsonObject().put("do", what).put("crowd", name).put("pid", pid);
  }

  /**
   * The order to open so many sockets that ask how jobs are, whose requests have the ids from 0 on.
   */
  public JsonObject openForStatus(int sockets, List<String> tokens, int jobs) {
    return open(sockets, tokens).put("status_of", jobs);
  }

  /** The order to open so many sockets; the tokens take turns. */
  public JsonObject open(int sockets, List<String> tokens) {
    return order("open")
        .put("door", door.toString())
        .put("tokens", new JsonArray(tokens))
        .put("action", action)
        .put("payload", PAYLOAD)
        .put("reply", reply.name())
        .put("sockets", sockets);
  }
}
