package io.streamer.local.live;

import java.io.IOException;
import java.nio.file.Path;

/** Where handlers come from. */
interface HandlerSource {

  /** What has changed since it was asked before. */
  Watched.Changes look();

  /** Takes all that is there for changed at the next look. */
  void forget();

  /**
   * The class path that it makes now, its single source files aside.
   *
   * @param copies a folder for this version alone
   * @param parent has the modules that are not the folder's
   * @param ours is looked at first for each class
   * @throws Unloadable saying what is wrong with it
   */
  JarFiles load(Path copies, ClassLoader parent, OurJars ours) throws Unloadable, IOException;
}
