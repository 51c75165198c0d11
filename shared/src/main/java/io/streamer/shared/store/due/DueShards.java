package io.streamer.shared.store.due;

import io.streamer.shared.job.JobId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which node looks after which part of {@code due}: each the parts for which it ranks highest among
 * the live ones, so that a node that comes or goes moves only its own.
 */
public final class DueShards {
  private DueShards() {}

  /**
   * The parts of a node.
   *
   * @param live the ids of the live nodes; those that do not know this node yet let it have some
   *     too
   */
  public static Set<Integer> of(String node, Collection<String> live) {
    return IntStream.range(0, JobId.DUE_SHARDS)
        .filter(shard -> live.stream().noneMatch(other -> outranks(shard, other, node)))
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean outranks(int shard, String higher, String lower) {
    return Arrays.compareUnsigned(rank(higher, shard), rank(lower, shard)) > 0;
  }

  private static byte[] rank(String node, int shard) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest((shard + "#" + node).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
