package io.streamer.system;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A page in a headless Chromium, driven by the DevTools protocol
 * (chromedevtools.github.io/devtools-protocol).
 */
final class Browser implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final URI address;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<URI> requested = new CopyOnWriteArrayList<>();

  private final boolean first;
  private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

  private Browser(Process process, URI page, boolean first) {
    this.process = process;
    this.first = first;
    this.address = page;
    this.socket = HTTP.newWebSocketBuilder().buildAsync(page, new Ear()).join();
  }

  /** Opens an empty page in a browser of its own. */
  static Browser start(Path chromium, Path profile) throws IOException, InterruptedException {
    var process = Chromium.start(chromium, profile);
    try {
      return opened(process, page(Chromium.debugger(process)), true);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Opens another empty page beside this one; its end is not the browser's. */
  Browser tab() throws IOException, InterruptedException {
    return opened(process, page(address), false);
  }

  private static Browser opened(Process process, URI page, boolean first) {
    var browser = new Browser(process, page, first);
    for (var domain : List.of("Page", "Runtime", "Log", "Network")) {
      browser.call(domain + ".enable", new JsonObject());
    }
    return browser;
  }

  private static URI page(URI browser) throws IOException, InterruptedException {
    var fresh = URI.create("http://127.0.0.1:" + browser.getPort() + "/json/new?about:blank");
    var request = HttpRequest.newBuilder(fresh).method("PUT", HttpRequest.BodyPublishers.noBody());
    var opened = new JsonObject(HTTP.send(request.build(), BodyHandlers.ofString()).body());
    return URI.create(opened.getString("webSocketDebuggerUrl"));
  }

  /** Calls a method of the protocol and waits for its result. */
  JsonObject call(String method, JsonObject params) {
    int id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonObject>();
    waiting.put(id, answer);
    var frame = new JsonObject().put("id", id).put("method", method).put("params", params);
    socket.sendText(frame.encode(), true).join();
    var message = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    if (message.containsKey("error")) {
      throw new IllegalStateException(method + ": " + message.getJsonObject("error").encode());
    }
    return message.getJsonObject("result");
  }

  void open(URI page) {
    call("Page.navigate", new JsonObject().put("url", page.toString()));
  }

  /** Loads the page anew, as its user would, and waits until it is there. */
  void reload() {
    loaded = new CompletableFuture<>();
    call("Page.reload", new JsonObject());
    loaded.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        JsonObject.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** The value of a JavaScript expression, awaited if it is a promise. */
  Object evaluate(String expression) {
    var result =
        call(
            "Runtime.evaluate",
            JsonObject.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.containsKey("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.encode());
    }
    return result.getJsonObject("result").getValue("value");
  }

  /** Waits in the page until an expression is true. */
  void await(String expression) {
    var done =
        evaluate(
            """
            new Promise((resolve) => {
              // a page may have stopped its own clock
              const until = performance.now() + %d;
              let looking;
              const look = () => {
                let holds = false;
                try { holds = (%s); } catch {}
                if (holds || performance.now() > until) {
                  clearInterval(looking);
                  resolve(Boolean(holds));
                }
              };
              looking = setInterval(look, 20);
              look();
            })\
            """
                .formatted(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS - 5), expression));
    if (!Boolean.TRUE.equals(done)) {
      throw new AssertionError(
          "never so: "
              + expression
              + "\n"
              + evaluate("document.body.innerText")
              + "\n"
              + complaints);
    }
  }

  /** Types into what has the focus. */
  void type(String text) {
    call("Input.insertText", new JsonObject().put("text", text));
  }

  /**
   * Presses a key.
   *
   * @param modifiers 2 for Ctrl
   */
  void press(String key, String text, int modifiers) {
    var event = new JsonObject().put("key", key).put("modifiers", modifiers).put("text", text);
    call("Input.dispatchKeyEvent", event.copy().put("type", "keyDown"));
    call("Input.dispatchKeyEvent", event.put("type", "keyUp"));
  }

  /** What the page logged as an error, and what it threw. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** What the page asked for, with HTTP or a WebSocket. */
  List<URI> requested() {
    return List.copyOf(requested);
  }

  @Override
  public void close() {
    if (!first) {
      call("Page.close", new JsonObject());
      socket.abort();
      return;
    }
    socket.abort();
    // its helpers too, which write into the profile
    var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        var message = new JsonObject(text.toString());
        text.setLength(0);
        take(message);
      }
      from.request(1);
      return null;
    }

    private void take(JsonObject message) {
      var answered = waiting.remove(message.getInteger("id", 0));
      if (answered != null) {
        answered.complete(message);
        return;
      }
      var params = message.getJsonObject("params");
      switch (message.getString("method", "")) {
        case "Runtime.exceptionThrown" -> complaints.add(params.encode());
        case "Log.entryAdded" -> complaints.add(params.getJsonObject("entry").encode());
        case "Network.requestWillBeSent" ->
            requested.add(URI.create(params.getJsonObject("request").getString("url")));
        case "Page.loadEventFired" -> loaded.complete(null);
        case "Network.webSocketCreated" -> requested.add(URI.create(params.getString("url")));
        default -> {}
      }
    }
  }
}
