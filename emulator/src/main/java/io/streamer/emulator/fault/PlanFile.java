package io.streamer.emulator.fault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.streamer.shared.payload.JsonProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A plan as a JSON file: {@code docs/faults.md} shows it, {@code docs/faults.schema.json} too. */
public final class PlanFile {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final int MAX_BYTES = 1024 * 1024;
  private static final int MAX_RULES = 1_000;

  private final String file;
  private final JsonParser json;

  private PlanFile(String file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a plan; without a seed it gets a random one.
   *
   * @throws PlanException if it is no plan, naming the line
   * @throws UncheckedIOException if the file cannot be read
   */
  public static FaultPlan read(Path path) {
    var name = Optional.ofNullable(path.getFileName()).map(Path::toString).orElse("faults");
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new PlanException(name, 1, "a plan has at most " + MAX_BYTES + " bytes");
      }
      return read(name, Files.readString(path, StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      throw new PlanException(name, 1, "a plan is UTF-8 text");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /**
   * Reads a plan's text.
   *
   * @param file its name in problems
   */
  static FaultPlan read(String file, String text) {
    try (var json = JSON.createParser(text)) {
      return new PlanFile(file, json).plan();
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new PlanException(file, at == null ? 1 : at.getLineNr(), JsonProblem.of(e));
    } catch (IOException e) {
      throw new UncheckedIOException("a text is read without I/O", e);
    }
  }

  private FaultPlan plan() throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT, "a plan is an object");
    var seed = ThreadLocalRandom.current().nextLong(1L << 53);
    var rules = List.<FaultRule>of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      var token = json.nextToken();
      switch (name) {
        case "$schema" -> expect(token, JsonToken.VALUE_STRING, "$schema is a text");
        case "seed" -> {
          expect(token, JsonToken.VALUE_NUMBER_INT, "seed is a whole number");
          seed = json.getLongValue();
        }
        case "rules" -> {
          expect(token, JsonToken.START_ARRAY, "rules is an array");
          rules = rules();
        }
        default -> throw problem("unknown field \"" + name + "\"; a plan has seed and rules");
      }
    }
    if (json.nextToken() != null) {
      throw problem("nothing follows the plan");
    }
    return new FaultPlan(seed, rules);
  }

  private List<FaultRule> rules() throws IOException {
    var rules = new ArrayList<FaultRule>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.START_OBJECT, "a rule is an object");
      if (rules.size() == MAX_RULES) {
        throw problem("a plan has at most " + MAX_RULES + " rules");
      }
      rules.add(rule());
    }
    return rules;
  }

  private FaultRule rule() throws IOException {
    int line = line();
    var values = new LinkedHashMap<String, RuleFields.Value>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      var token = json.nextToken();
      if (!token.isScalarValue()) {
        throw problem(name + " is a text or a number");
      }
      values.put(
          name, new RuleFields.Value(line(), json.getText(), token == JsonToken.VALUE_STRING));
    }
    return new RuleFields(file, line, values).rule();
  }

  private void expect(@Nullable JsonToken token, JsonToken wanted, String otherwise) {
    if (token != wanted) {
      throw problem(otherwise);
    }
  }

  private PlanException problem(String text) {
    return new PlanException(file, line(), text);
  }

  private int line() {
    return json.currentTokenLocation().getLineNr();
  }
}
