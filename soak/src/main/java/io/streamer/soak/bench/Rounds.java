package io.streamer.soak.bench;

import io.streamer.soak.bench.load.Side;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What was measured of each side, round by round. */
final class Rounds {
  private static final String COST = "cpu_us";

  private final BenchCase of;
  private final String base;
  private final String cost;
  private final Map<String, List<JsonObject>> bySide = new HashMap<>();

  Rounds(BenchCase of) {
    this(of, "bare");
  }

  /** Compared with the side of that name, or with that of the same action and that ending. */
  Rounds(BenchCase of, String base) {
    this(of, base, COST);
  }

  /** The same by that number. */
  Rounds(BenchCase of, String base, String cost) {
    this.of = of;
    this.base = base;
    this.cost = cost;
  }

  void add(Side side, JsonObject said) {
    add(side.name(), said);
  }

  void add(String side, JsonObject said) {
    bySide.computeIfAbsent(side, _ -> new ArrayList<>()).add(said);
  }

  List<Figure> figures(List<Side> sides) {
    return figures(sides.stream().map(Side::name).toList());
  }

  List<Figure> figures(Collection<String> sides) {
    return sides.stream().map(this::figure).toList();
  }

  private Figure figure(String side) {
    var rounds = rounds(side);
    var against =
        rounds(bySide.containsKey(base) ? base : side.replaceFirst("-.*", "") + "-" + base);
    SequencedMap<String, Double> numbers = new LinkedHashMap<>();
    for (var name : rounds.getFirst().fieldNames()) {
      numbers.put(name, median(rounds.stream().map(round -> round.getDouble(name)).toList()));
    }
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < against.size() && numbers.containsKey(cost); i++) {
      ratios.add(rounds.get(i).getDouble(cost) / against.get(i).getDouble(cost));
    }
    return new Figure(of, side, numbers, base, ratios.isEmpty() ? Double.NaN : median(ratios));
  }

  private List<JsonObject> rounds(String side) {
    return bySide.getOrDefault(side, List.of());
  }

  private static double median(List<Double> numbers) {
    var sorted = numbers.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
