package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** One scenario, played to one client at one door. */
final class ScenarioRun {
  private static final Pattern JOB = Pattern.compile("\\$job\\((\\w+)\\)");
  private static final Pattern LENGTH = Pattern.compile("\"\\$long\\((\\d+),(\\d+)\\)\"");
  private static final Pattern LONG = Pattern.compile("\\$x\\((\\d+)\\)");

  private final Stage stage;
  private final ShiftedClock clock;
  private final Front front;
  private final ClientDriver driver;
  private final Sightings sightings = new Sightings();
  private final String unique = UUID.randomUUID().toString();

  ScenarioRun(Stage stage, ShiftedClock clock, Front front, ClientDriver driver) {
    this.stage = stage;
    this.clock = clock;
    this.front = front;
    this.driver = driver;
  }

  void play(Scenario scenario) {
    driver.begin(sightings::add);
    front.begin(sightings::add);
    try {
      scenario.steps().forEach(this::step);
      assertThat(sightings.broken()).isEmpty();
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\nseen:\n" + lines(), e);
    } finally {
      Gates.open(unique);
      driver.send(JsonObject.of("do", "reset"));
    }
  }

  private String lines() {
    return String.join("\n", sightings.all().stream().map(JsonObject::encode).toList());
  }

  private void step(JsonObject written) {
    if (written.containsKey("each")) {
      int times = new JsonObject(lengths(written.encode())).getInteger("each");
      var steps = written.getJsonArray("steps", JsonArray.of(written.getJsonObject("step")));
      for (int n = 1; n <= times; n++) {
        for (var step : steps) {
          step(numbered((JsonObject) step, n));
        }
      }
      return;
    }
    var step = new JsonObject(filled(written.encode()));
    switch (step.fieldNames().iterator().next()) {
      case "do" -> sightings.awaitDone(driver.send(step));
      case "see" -> sightings.await(step.getJsonObject("see"));
      case "count" ->
          assertThat(sightings.count(step.getJsonObject("count")))
              .as("how often %s", step.getJsonObject("count"))
              .isBetween(
                  step.getLong("is", 0L), step.getLong("is", step.getLong("most", Long.MAX_VALUE)));
      case "door" -> door(step);
      case "stage" -> stage(step);
      default -> throw new IllegalArgumentException("no such step: " + step);
    }
  }

  private static JsonObject numbered(JsonObject step, int n) {
    var number = Integer.toString(n);
    return new JsonObject(step.encode().replace("\"$n\"", number).replace("$n", number));
  }

  private void door(JsonObject step) {
    switch (step.getString("door")) {
      case "cut" -> front.cut();
      case "refuse" -> front.refuse(step.getInteger("status"), step.getInteger("times", 1));
      case "lose" -> front.lose(step.getString("type"));
      case "swallow" -> front.swallow(step.getString("type"));
      case "deny" -> front.deny(step.getString("type"), step.getJsonObject("error"));
      case "fail" -> front.fail(step.getString("type"), step.getInteger("times"));
      case "repeat" -> front.repeat();
      case "lower" -> front.lower();
      case "age" -> front.age(step.getLong("ms"));
      case "heartbeat" -> front.heartbeat(step.getLong("ms"));
      case "mute" -> front.mute();
      case "send" ->
          front.send(
              step.getValue("frame") instanceof JsonObject frame
                  ? frame.encode()
                  : step.getString("text"));
      case "close" -> front.close(step.getInteger("code"), step.getString("reason", ""));
      default -> throw new IllegalArgumentException("no such step: " + step);
    }
  }

  private void stage(JsonObject step) {
    switch (step.getString("stage")) {
      case "open-gate" -> Gates.open(step.getString("gate", unique));
      case "kill-gateway" -> stage.killGateway();
      case "kill-worker" -> {
        Until.holds("a worker runs the job", () -> stage.killWorker(step.getString("job")));
        clock.advance(DueStage.LEASE_OVER);
        stage.runDue();
      }
      // its attempt is over, the next one waits
      case "due" -> {
        Until.holds(
            "no worker runs the job", () -> !stage.runningJobs().contains(step.getString("job")));
        clock.advance(DueStage.LEASE_OVER);
        stage.runDue();
      }
      default -> throw new IllegalArgumentException("no such step: " + step);
    }
  }

  /**
   * What stands for something of this run alone: {@code $url}, {@code $token}, {@code $job(of)},
   * {@code $x(1000)}, {@code $long(20,1000)}.
   */
  private String filled(String text) {
    var filled = lengths(text);
    for (var entry : names().entrySet()) {
      filled = filled.replace(entry.getKey(), entry.getValue());
    }
    filled = JOB.matcher(filled).replaceAll(found -> job(found.group(1)));
    return LONG.matcher(filled).replaceAll(found -> "x".repeat(Integer.parseInt(found.group(1))));
  }

  /** The first of two numbers, or the second where the whole is played. */
  private static String lengths(String text) {
    int which = Boolean.getBoolean("streamer.scenarios.long") ? 2 : 1;
    return LENGTH.matcher(text).replaceAll(found -> found.group(which));
  }

  private Map<String, String> names() {
    var user = "user-" + unique;
    var tenant = "tenant-" + unique;
    return Map.of(
        "$url", front.uri().toString(),
        "$token", Tokens.of(user, tenant),
        "$stranger", Tokens.of("other-" + unique, tenant),
        "$gate", unique,
        "$id", "id-" + unique);
  }

  private String job(String of) {
    return sightings.all().stream()
        .filter(line -> of.equals(line.getString("of")) && line.containsKey("accepted"))
        .map(line -> line.getString("accepted"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(of + " is not accepted yet"));
  }
}
