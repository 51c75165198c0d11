package io.streamer.local.live;

import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A folder that is looked at again and again. */
final class Watched {
  private final Path folder;
  private NavigableMap<Path, Stamp> seen;
  private final NavigableMap<Path, Stamp> told = new TreeMap<>();

  /**
   * What is different from what was told before.
   *
   * @param saved sources, new ones included
   * @param gone sources
   * @param jars new, replaced and gone ones
   */
  record Changes(List<Path> saved, List<Path> gone, List<Path> jars) {}

  /** Takes what is there now for settled. */
  Watched(Path folder) {
    this.folder = folder;
    this.seen = Stamp.of(folder);
  }

  /**
   * Looks again. What differs from the look before is not told yet: editors and builds write in
   * steps.
   */
  Changes look() {
    var before = seen;
    seen = Stamp.of(folder);
    var differing = new TreeSet<>(told.keySet());
    differing.addAll(seen.keySet());
    differing.removeIf(file -> Objects.equals(seen.get(file), told.get(file)));
    var unsettled = new TreeSet<>(differing);
    unsettled.removeIf(file -> Objects.equals(seen.get(file), before.get(file)));
    if (unsettled.stream().anyMatch(Stamp::isJar)) {
      // they are taken together
      differing.removeIf(Stamp::isJar);
    }
    differing.removeAll(unsettled);
    for (var file : differing) {
      var stamp = seen.get(file);
      if (stamp == null) {
        told.remove(file);
      } else {
        told.put(file, stamp);
      }
    }
    Predicate<Path> there = seen::containsKey;
    return new Changes(
        differing.stream().filter(Stamp::isSource).filter(there).toList(),
        differing.stream().filter(Stamp::isSource).filter(there.negate()).toList(),
        differing.stream().filter(Stamp::isJar).toList());
  }
}
