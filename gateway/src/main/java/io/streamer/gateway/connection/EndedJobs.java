package io.streamer.gateway.connection;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * The jobs whose end one connection has had, in 16 bytes each: a second end is dropped for as long
 * as they are remembered. The ones that ended first are forgotten first.
 */
final class EndedJobs {
  /** At most 64 KB a connection. */
  static final int MOST = 4_096;

  private static final int FIRST = 8;

  /** In the order of their ends, as a ring once it is full. */
  private long[] marks = {};

  private long[] seqs = {};

  private int size;
  private int next;

  void add(String jobId, long seq) {
    if (contains(jobId)) {
      return;
    }
    if (size == marks.length && size < MOST) {
      int length = Math.clamp(2L * size, FIRST, MOST);
      marks = Arrays.copyOf(marks, length);
      seqs = Arrays.copyOf(seqs, length);
    }
    marks[next] = mark(jobId);
    seqs[next] = seq;
    next = (next + 1) % MOST;
    size = Math.min(size + 1, MOST);
  }

  boolean contains(String jobId) {
    return size > 0 && find(mark(jobId)) >= 0;
  }

  /** The number of the job's end, if it is remembered; else 0. */
  long seq(String jobId) {
    int at = size > 0 ? find(mark(jobId)) : -1;
    return at < 0 ? 0 : seqs[at];
  }

  void remove(String jobId) {
    int at = size > 0 ? find(mark(jobId)) : -1;
    if (at >= 0) {
      // no job has this one
      marks[at] = 0;
    }
  }

  private int find(long mark) {
    for (int i = 0; i < size; i++) {
      if (marks[i] == mark) {
        return i;
      }
    }
    return -1;
  }

  /** A job's id is a digest: the first 8 bytes of it are one, too. */
  private static long mark(String jobId) {
    try {
      long mark = ByteBuffer.wrap(Base64.getUrlDecoder().decode(jobId)).getLong();
      return mark == 0 ? 1 : mark;
    } catch (RuntimeException _) {
      // no id of ours
      return 1 | (long) jobId.hashCode() << 1;
    }
  }
}
