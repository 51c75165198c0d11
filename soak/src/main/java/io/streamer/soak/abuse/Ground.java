package io.streamer.soak.abuse;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What an attack has: a door, the token of one user, and an end. */
final class Ground {
  private final URI door;
  private final String token;
  private final long until;
  private final List<RawLink> links = new CopyOnWriteArrayList<>();
  private final List<Thread> ears = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean frozen;

  Ground(URI door, String token, long seconds) {
    this.door = door;
    this.token = token;
    this.until = System.nanoTime() + seconds * 1_000_000_000;
  }

  /** Whether it goes on. */
  boolean going() {
    return !frozen && System.nanoTime() < until;
  }

  /** A WebSocket that stays open behind the attack; empty if it is refused. */
  Optional<RawLink> open() {
    try {
      return Optional.of(kept(RawLink.open(door, token)));
    } catch (IOException _) {
      refused.incrementAndGet();
      return Optional.empty();
    }
  }

  /** A TCP connection that stays open behind the attack; empty if it is refused. */
  Optional<RawLink> connect() {
    try {
      return Optional.of(kept(RawLink.connect(door)));
    } catch (IOException _) {
      refused.incrementAndGet();
      return Optional.empty();
    }
  }

  /** Connections that were had, open or not. */
  int opened() {
    return links.size();
  }

  /** Connections that were not had. */
  int refused() {
    return refused.get();
  }

  /** Reads and drops what comes, until the attack is over. */
  void listen(RawLink link) {
    ears.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (!frozen) {
                  link.next();
                }
              } catch (IOException _) {
                // cut
              }
            }));
  }

  /** Breaks a connection off; it is none of those that stay. */
  void reset(RawLink link) {
    links.remove(link);
    link.reset();
  }

  /** From now on nothing is read, written or opened; what is open stays so. */
  void freeze() {
    frozen = true;
  }

  private RawLink kept(RawLink link) {
    links.add(link);
    return link;
  }

  /** Gives up what it holds. */
  void leave() throws IOException, InterruptedException {
    frozen = true;
    for (var link : links) {
      link.close();
    }
    for (var ear : ears) {
      ear.join();
    }
  }
}
