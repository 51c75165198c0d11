package io.streamer.shared.hold;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Who has something to be sent, in the order in which its time comes. Nobody is looked at who has
 * nothing: there may be thousands.
 */
final class ReadyRecipients {
  private final PriorityQueue<Turn> all = new PriorityQueue<>();
  private final Map<Recipient, Turn> planned = new HashMap<>();
  private long tickets;

  private record Turn(long at, long ticket, Recipient recipient) implements Comparable<Turn> {
    @Override
    public int compareTo(Turn other) {
      return at == other.at ? Long.compare(ticket, other.ticket) : Long.compare(at, other.at);
    }
  }

  /** Something may have changed for it: it waits behind those whose time came before. */
  void plan(Recipient recipient, long now) {
    if (recipient.nextAt() == Long.MAX_VALUE) {
      return;
    }
    var at = Math.max(now, recipient.nextAt());
    var known = planned.get(recipient);
    if (known == null || known.at() > at) {
      var turn = new Turn(at, tickets++, recipient);
      planned.put(recipient, turn);
      all.add(turn);
    }
  }

  /** Takes out whose turn it is, if somebody's time has come. */
  Optional<Recipient> next(long now) {
    var head = head();
    return head.isPresent() && head.get().at() <= now
        ? Optional.of(take().recipient())
        : Optional.empty();
  }

  /** When somebody's time comes; Long.MAX_VALUE if nothing waits for anybody. */
  long nextAt() {
    return head().map(Turn::at).orElse(Long.MAX_VALUE);
  }

  private Optional<Turn> head() {
    for (var head = all.peek(); head != null; head = all.peek()) {
      // it may have left, or go earlier
      if (head.equals(planned.get(head.recipient()))
          && head.recipient().nextAt() != Long.MAX_VALUE) {
        return Optional.of(head);
      }
      take();
    }
    return Optional.empty();
  }

  private Turn take() {
    var taken = all.remove();
    planned.remove(taken.recipient(), taken);
    return taken;
  }
}
