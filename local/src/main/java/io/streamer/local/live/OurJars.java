package io.streamer.local.live;

import io.streamer.shared.action.Library;
import io.streamer.shared.action.OwnLibraries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our jars; they are read when there is a jar of a user's to compare with them. */
final class OurJars {
  private final List<Path> jars;
  private @Nullable OwnLibraries libraries;

  OurJars(List<Path> jars) {
    this.jars = List.copyOf(jars);
  }

  /**
   * Refuses what {@code ./streamer build} refuses: its classes would be ours, here as there.
   *
   * @throws Unloadable naming both jars and what to do
   */
  void refuseClash(Path jar) throws Unloadable, IOException {
    var ours = libraries;
    if (ours == null) {
      ours = OwnLibraries.of(jars);
      libraries = ours;
    }
    var clash = ours.clash(jar, Library.of(jar));
    if (clash.isPresent()) {
      throw new Unloadable(clash.get());
    }
  }
}
