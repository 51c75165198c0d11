package io.streamer.local.feed;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the sockets of a stage carry, and which jobs it is about: a request is known by its id until
 * its acknowledgment names the job. Remembers 10,000 requests of all sockets, and 8 million
 * characters of them: the oldest go first. Safe for many threads.
 */
public final class SocketMessages {
  static final int MOST_REQUESTS = 10_000;
  private static final int MOST_CHARS = 8_000_000;

  private final Feed feed;

  // both under this object's lock
  private final Map<Key, Asked> asked = new LinkedHashMap<>();
  private long askedChars;

  private record Key(String connection, String request) {}

  /** A request that was not answered yet. */
  private record Asked(FrameHead head, SeenFrame frame) {}

  /** For a feed. */
  public SocketMessages(Feed feed) {
    this.feed = feed;
  }

  /** A message has passed. */
  public void passed(Message message) {
    FrameHead.read(message.utf8().getBytes()).ifPresent(head -> passed(message, head));
  }

  private void passed(Message message, FrameHead head) {
    var frame = frame(message, head);
    if (message.fromClient() && head.type().equals("request")) {
      head.id().ifPresent(id -> ask(new Key(message.connection(), id), new Asked(head, frame)));
      return;
    }
    var request =
        message.fromClient()
            ? Optional.<Asked>empty()
            : head.requestId().flatMap(id -> answered(new Key(message.connection(), id)));
    head.jobId()
        .ifPresent(job -> {
          if (head.type().equals("acknowledgment")) {
            request.ifPresent(it -> feed.passed(job, it.head(), it.frame()));
          }
          feed.passed(job, head, frame);
        });
  }

  private static SeenFrame frame(Message message, FrameHead head) {
    var text = message.utf8().toString(StandardCharsets.UTF_8);
    return new SeenFrame(
        message.at(),
        message.door(),
        message.connection(),
        message.fromClient(),
        head.type(),
        text.length() > SeenFrame.MOST_CHARS ? text.substring(0, SeenFrame.MOST_CHARS) + "…" : text,
        message.utf8().length());
  }

  private synchronized void ask(Key key, Asked request) {
    forget(key);
    asked.put(key, request);
    askedChars += request.frame().text().length();
    while (asked.size() > MOST_REQUESTS || askedChars > MOST_CHARS) {
      forget(asked.keySet().iterator().next());
    }
  }

  private synchronized Optional<Asked> answered(Key key) {
    return Optional.ofNullable(forget(key));
  }

  private @Nullable Asked forget(Key key) {
    var gone = asked.remove(key);
    if (gone != null) {
      askedChars -= gone.frame().text().length();
    }
    return gone;
  }
}
