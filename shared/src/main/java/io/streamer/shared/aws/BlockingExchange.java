package io.streamer.shared.aws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One exchange over HTTP on the caller's thread, by the JDK's oldest client, which starts fastest.
 * A call is made once. Connections are kept where an answer was read whole; the JDK ends them once
 * they are idle.
 */
public final class BlockingExchange {
  private static final int PART = 8 * 1024;

  private final int mostBytes;

  /**
   * For one kind of call.
   *
   * @param mostBytes of an answer's body that are read; what is beyond is left, with its connection
   */
  public BlockingExchange(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Makes a call; blocks. Its answer's head has come by the end of its time, or there is none,
   * however slowly it comes; of the body a part that is waited for then may take as long again.
   *
   * @param until as {@link System#nanoTime} has it
   * @throws IOException if there is no answer, or not the whole of one
   */
  public HttpReply send(HttpCall call, long until) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted");
    }
    var http = open(call, until);
    boolean whole = false;
    try {
      int status = status(http, call, until);
      var kept = new ByteArrayOutputStream(0);
      whole = read(status < 400 ? http.getInputStream() : http.getErrorStream(), kept, until);
      return new HttpReply(status, http::getHeaderField, kept.toByteArray(), !whole);
    } catch (RuntimeException e) {
      // the JDK's client may fall over its own state where the watch ends an exchange that it reads
      millisTo(until);
      throw e;
    } finally {
      if (!whole) {
        http.disconnect();
      }
    }
  }

  /** Sends the call, and reads the answer's head. */
  private static int status(HttpURLConnection http, HttpCall call, long until) throws IOException {
    try (var _ = ExchangeWatch.begin(http, until)) {
      if (call.body() != null) {
        try (var out = http.getOutputStream()) {
          out.write(call.body());
        }
      }
      int status = http.getResponseCode();
      if (status < 0) {
        throw new IOException("what answered does not speak HTTP");
      }
      return status;
    }
  }

  private static HttpURLConnection open(HttpCall call, long until) throws IOException {
    var at = call.at().getScheme() + "://" + call.at().getRawAuthority();
    var http = (HttpURLConnection) URI.create(at + call.path()).toURL().openConnection();
    http.setConnectTimeout(millisTo(until));
    http.setReadTimeout(millisTo(until));
    http.setInstanceFollowRedirects(false);
    http.setUseCaches(false);
    http.setRequestMethod(call.method());
    call.headers().forEach((name, values) -> http.setRequestProperty(name, values.getFirst()));
    if (call.body() != null) {
      http.setDoOutput(true);
      // without it the JDK sends a request again by itself
      http.setFixedLengthStreamingMode(call.body().length);
    }
    return http;
  }

  /** Whether that was all. */
  private boolean read(@Nullable InputStream body, ByteArrayOutputStream to, long until)
      throws IOException {
    if (body == null) {
      return true;
    }
    try (body) {
      var part = new byte[PART];
      for (int n = body.read(part); n >= 0; n = body.read(part)) {
        int room = mostBytes - to.size();
        to.write(part, 0, Math.min(n, room));
        if (n > room) {
          return false;
        }
        millisTo(until);
      }
      return true;
    }
  }

  private static int millisTo(long until) throws SocketTimeoutException {
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    if (left <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) left;
  }
}
