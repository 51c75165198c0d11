package io.streamer.soak;

import java.util.concurrent.atomic.AtomicLong;

/** What the live line tells. */
final class Counts {
  final AtomicLong sent = new AtomicLong();
  final AtomicLong accepted = new AtomicLong();
  final AtomicLong ended = new AtomicLong();
  final AtomicLong frames = new AtomicLong();
  final AtomicLong cuts = new AtomicLong();
  final AtomicLong resumed = new AtomicLong();
}
