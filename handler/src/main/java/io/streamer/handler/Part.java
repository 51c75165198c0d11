package io.streamer.handler;

/** A weighted part of a run: its progress counts as much as its weight in that of the whole. */
public interface Part {

  /**
   * Reports how far this part has come; the whole is at the weighted mean of its parts, and never
   * goes back. Thread-safe.
   *
   * @param percentage 0 to 100 of this part; values outside count as the nearest bound, values
   *     below an earlier one as that one; a report that is not a number is left out
   * @param message what to show beside the whole's; cut to 200 characters
   */
  void progress(double percentage, String message);

  /**
   * A part of this part.
   *
   * @param weight what is not a number above 0 counts for nothing
   */
  Part part(double weight);
}
