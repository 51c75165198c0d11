package io.streamer.test;

import java.nio.charset.StandardCharsets;

/** A file that a run has written. Two of one name are two for clients; here the later one is. */
public final class TestFile {
  private final String name;
  private final String contentType;
  private final byte[] bytes;

  TestFile(String name, String contentType, byte[] bytes) {
    this.name = name;
    this.contentType = contentType;
    this.bytes = bytes;
  }

  /** What the client's file is called. */
  public String name() {
    return name;
  }

  /** Such as {@code text/csv}. */
  public String contentType() {
    return contentType;
  }

  /** The content. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The content as UTF-8 text. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
