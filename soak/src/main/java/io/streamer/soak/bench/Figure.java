package io.streamer.soak.bench;

import io.vertx.core.json.JsonObject;
import java.util.SequencedMap;

/**
 * What one side came to in one case.
 *
 * @param numbers by name, whose ending is the unit; medians over the rounds
 * @param base the side that others are compared with
 * @param toBase the cost to that side's, the median over the rounds; NaN where there is none
 */
public record Figure(
    BenchCase of, String side, SequencedMap<String, Double> numbers, String base, double toBase) {

  /** For a file of results. */
  public JsonObject json() {
    var json = new JsonObject().put("case", of.toString()).put("side", side);
    numbers.forEach((name, number) -> json.put(name, rounded(number)));
    if (!Double.isNaN(toBase)) {
      json.put("to_" + base, rounded(toBase));
    }
    return json;
  }

  private static double rounded(double number) {
    return Math.round(number * 100) / 100.0;
  }
}
