package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The far end of a socket of the client. */
final class ServerSocket implements Transport.Socket {
  final URI url;
  final String token;
  final List<JsonNode> sent = new ArrayList<>();
  final List<String> texts = new ArrayList<>();
  boolean closedByClient;

  /** Of a frame, as the client told it; 0: it did not. */
  int frameBytes;

  private final Server server;
  private final Transport.SocketListener on;

  ServerSocket(Server server, URI url, String token, Transport.SocketListener on) {
    this.server = server;
    this.url = url;
    this.token = token;
    this.on = on;
  }

  @Override
  public void send(String text) {
    var frame = Server.json(text);
    texts.add(text);
    sent.add(frame);
    var type = frame.path("type").asText();
    if (type.equals("hello") && server.welcomes) {
      welcome("{}");
    } else if (type.equals("ping") && server.pongs) {
      give("{'type':'pong'}");
    }
  }

  @Override
  public boolean limitFrames(int bytes) {
    frameBytes = bytes;
    return server.splits;
  }

  @Override
  public void close() {
    closedByClient = true;
  }

  void accept() {
    on.opened();
  }

  /** Answers the newest hello. */
  void welcome(String more) {
    var frame = (ObjectNode) Server.json(server.greeting);
    frame.put("type", "welcome").put("session", "s-" + (server.sockets.indexOf(this) + 1));
    frame.set("request_id", all("hello").get(all("hello").size() - 1).path("id"));
    frame.setAll((ObjectNode) Server.json(more));
    on.text(frame.toString());
  }

  /** A frame in JSON with single quotes. */
  void give(String frame) {
    on.text(frame.replace('\'', '"'));
  }

  void end(int code, String reason) {
    on.closed(code, reason);
  }

  void refuse(int status, String body) {
    on.refused(status, body);
  }

  List<JsonNode> all(String type) {
    return sent.stream().filter(frame -> frame.path("type").asText().equals(type)).toList();
  }

  JsonNode last(String type) {
    var all = all(type);
    return all.get(all.size() - 1);
  }

  /** What the first hello named. */
  Map<String, Long> lastSeq() {
    var named = new java.util.LinkedHashMap<String, Long>();
    all("hello")
        .get(0)
        .path("last_seq")
        .properties()
        .forEach(entry -> named.put(entry.getKey(), entry.getValue().asLong()));
    return named;
  }

  /** Answers the newest frame of this type. */
  void answer(String type, String data) {
    give(
        "{'type':'response','request_id':'%s','success':true,'data':%s}"
            .formatted(last(type).path("id").asText(), data));
  }

  void refuseAsked(String type, String error) {
    give(
        "{'type':'error','request_id':'%s','error':%s}"
            .formatted(last(type).path("id").asText(), error));
  }
}
