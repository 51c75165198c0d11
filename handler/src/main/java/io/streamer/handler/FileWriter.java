package io.streamer.handler;

import java.io.OutputStream;

/** Writes a file's content. */
@FunctionalInterface
public interface FileWriter {

  /**
   * Writes everything; who called closes the stream.
   *
   * @throws Exception to give up: the file is then not kept and the run fails as if it had thrown
   */
  void write(OutputStream out) throws Exception;
}
