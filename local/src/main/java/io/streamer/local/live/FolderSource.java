package io.streamer.local.live;

import java.io.IOException;
import java.nio.file.Path;

/** A folder of handler jars and single Java files. */
record FolderSource(Path folder, Watched watched) implements HandlerSource {

  static FolderSource of(Path folder) {
    return new FolderSource(folder, new Watched(() -> Stamp.of(folder), Stamp::isCommon));
  }

  @Override
  public Watched.Changes look() {
    return watched.look();
  }

  @Override
  public void forget() {
    watched.forget();
  }

  @Override
  public JarFiles load(Path copies, ClassLoader parent, OurJars ours)
      throws Unloadable, IOException {
    return JarFiles.load(folder, copies, parent, ours);
  }
}
