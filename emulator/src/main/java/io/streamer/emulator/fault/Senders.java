package io.streamer.emulator.fault;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The stage's processes, told apart as AWS tells them apart: by the credentials of their calls.
 * Each has a session token of its own, which the SDK sends with every request.
 */
public final class Senders {
  /** The header in which the SDK sends a session token. */
  public static final String HEADER = "X-Amz-Security-Token";

  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, Sender> known = new ConcurrentHashMap<>();

  /** A new process. */
  public Sender join(Role role) {
    var id = role.name().toLowerCase(Locale.ROOT) + numbers.incrementAndGet();
    var sender = new Sender(id, role);
    known.put(id, sender);
    return sender;
  }

  /** Whose token that is; {@link Sender#OTHER} if nobody's. */
  public Sender of(@Nullable String id) {
    return Optional.ofNullable(id).map(known::get).orElse(Sender.OTHER);
  }
}
