package io.streamer.local.aws;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failure destination: passes every document on and keeps the newest 1,000. A receiver that
 * throws is logged; the document stays kept.
 */
public final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
  private static final int KEPT = 1_000;
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  private final Consumer<String> receiver;
  private final Deque<String> newest = new ArrayDeque<>();

  public DeadLetters(Consumer<String> receiver) {
    this.receiver = receiver;
  }

  /** Takes one document, as JSON. */
  public void add(String document) {
    synchronized (newest) {
      if (newest.size() == KEPT) {
        newest.removeFirst();
      }
      newest.addLast(document);
    }
    try {
      receiver.accept(document);
    } catch (RuntimeException e) {
      LOG.error("the failure destination did not take a document", e);
    }
  }

  /** The newest documents, oldest first. */
  public List<String> newest() {
    synchronized (newest) {
      return List.copyOf(newest);
    }
  }

  /** A time as AWS writes it into a document's {@code timestamp}. */
  public static String timestamp(Instant time) {
    return MILLIS.format(time);
  }
}
