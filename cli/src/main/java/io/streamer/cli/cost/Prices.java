package io.streamer.cli.cost;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A dated price table.
 *
 * @param date the month of the list prices, as 2026-11
 * @param each by its name, such as {@code lambda.request}
 */
public record Prices(String region, String date, Map<String, Price> each) {
  private static final String OURS = "prices.json";

  /**
   * One price.
   *
   * @param usd list price in dollars, before tax and without free tiers
   * @param source where it stands
   */
  public record Price(double usd, String unit, String source) {}

  public Prices {
    each = Map.copyOf(each);
  }

  /** Those of us-east-1 that come with this version. */
  public static Prices ours() {
    try (var stream = Prices.class.getResourceAsStream(OURS)) {
      if (stream == null) {
        throw new IllegalStateException("there is no " + OURS);
      }
      return of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ours, if there is no file; else the file's, and ours for what it does not name.
   *
   * @throws CostException if the file is no price table
   */
  public static Prices read(Optional<Path> file) {
    var ours = ours();
    if (file.isEmpty()) {
      return ours;
    }
    Prices others;
    try {
      others = of(Files.readString(file.get()));
    } catch (IOException | DecodeException | ClassCastException | NullPointerException e) {
      throw new CostException(file.get() + " is no price table: " + e.getMessage());
    }
    for (var name : others.each().keySet()) {
      if (!ours.each().containsKey(name)) {
        throw new CostException(file.get() + " has a price for " + name + ", which nothing costs");
      }
    }
    var all = new TreeMap<>(ours.each());
    all.putAll(others.each());
    return new Prices(others.region(), others.date(), all);
  }

  private static Prices of(String text) {
    var json = new JsonObject(text);
    var each = new TreeMap<String, Price>();
    var prices = json.getJsonObject("prices");
    for (var name : prices.fieldNames()) {
      var price = prices.getJsonObject(name);
      each.put(
          name,
          new Price(
              price.getDouble("usd"), price.getString("unit", ""), price.getString("source", "")));
    }
    return new Prices(json.getString("region"), json.getString("date"), each);
  }

  Price of(Use use) {
    var price = each.get(use.price());
    if (price == null) {
      throw new IllegalStateException("there is no price " + use.price());
    }
    return price;
  }
}
