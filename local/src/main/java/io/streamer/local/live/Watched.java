package io.streamer.local.live;

import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A folder that is looked at again and again. */
final class Watched {
  private final Supplier<NavigableMap<Path, Stamp>> stamps;
  private final Predicate<Path> common;
  private NavigableMap<Path, Stamp> seen;
  private final NavigableMap<Path, Stamp> told = new TreeMap<>();

  /**
   * What is different from what was told before.
   *
   * @param saved sources, new ones included
   * @param gone sources
   * @param common jars and settings, also those that are gone
   */
  record Changes(List<Path> saved, List<Path> gone, List<Path> common) {}

  /**
   * Takes what is there now for settled.
   *
   * @param common tells what each source may depend on
   */
  Watched(Supplier<NavigableMap<Path, Stamp>> stamps, Predicate<Path> common) {
    this.stamps = stamps;
    this.common = common;
    this.seen = stamps.get();
  }

  /** Takes all that is there for changed. */
  void forget() {
    told.clear();
  }

  /**
   * Looks again. What differs from the look before is not told yet: editors and builds write in
   * steps.
   */
  Changes look() {
    var before = seen;
    seen = stamps.get();
    var differing = new TreeSet<>(told.keySet());
    differing.addAll(seen.keySet());
    differing.removeIf(file -> Objects.equals(seen.get(file), told.get(file)));
    var unsettled = new TreeSet<>(differing);
    unsettled.removeIf(file -> Objects.equals(seen.get(file), before.get(file)));
    if (unsettled.stream().anyMatch(common)) {
      // they are taken together
      differing.removeIf(common);
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
        differing.stream().filter(common.negate()).filter(there).toList(),
        differing.stream().filter(common.negate()).filter(there.negate()).toList(),
        differing.stream().filter(common).toList());
  }
}
