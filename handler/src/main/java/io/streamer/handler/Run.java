package io.streamer.handler;

import java.time.Instant;
import java.util.Map;

/** One run of a handler: who asked, what is known about the request, and the way back. */
public interface Run {

  /** The request's id, chosen by the client or, if it gave none, by the gateway. */
  String id();

  /** Which attempt this is, from 1. */
  int attempt();

  /** Who asked, as the token says. */
  Caller caller();

  /** When this attempt's time is up and its thread is interrupted. */
  Instant deadline();

  /** What the client sent along with its request; unmodifiable. */
  Map<String, String> metadata();

  /**
   * Adds an entry to the {@code metadata} of this run's later frames.
   *
   * @param key 1 to 64 characters
   * @param value up to 256 characters; a key given again is replaced
   * @throws IllegalArgumentException if a bound is broken, or at the 17th key
   */
  void annotate(String key, String value);

  /**
   * Reports how far the run has come. Cheap to call often: the newest value is sent, at most {@link
   * Action#progressPerSecond()} times a second, and kept. A value below an earlier one of the
   * attempt counts as that one, and 100 is sent once the outcome is stored.
   *
   * @param percentage 0 to 100; values outside count as the nearest bound
   * @param message what to show beside it; cut to 200 characters
   * @throws IllegalArgumentException if percentage is not a number
   */
  void progress(double percentage, String message);

  /**
   * Writes a file that the client fetches by its URL: for results that are documents, or too large
   * for a frame.
   *
   * @param name what the client's file is called; 1 to 128 characters, no slash
   * @param contentType such as {@code text/csv}
   * @param writer called once, on this thread
   * @return the file, kept until its URL stops working
   * @throws Exception what the writer threw, or an {@link java.io.IOException} if the file cannot
   *     be stored
   */
  StoredFile file(String name, String contentType, FileWriter writer) throws Exception;
}
