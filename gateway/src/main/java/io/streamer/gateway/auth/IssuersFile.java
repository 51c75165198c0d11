package io.streamer.gateway.auth;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.Durations;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The document of {@code STREAMER_TOKEN_ISSUERS}: a JSON array of issuers. It is strict, since a
 * misspelt member would leave a check out; every error names the place by a JSON pointer.
 */
final class IssuersFile {
  private static final int MOST_ISSUERS = 64;
  private static final int MOST_ENTRIES = 64;
  private static final int MOST_CHARS = 512;
  private static final int MOST_KEY_CHARS = 16 * 1024;

  /** How long a key counts after it has left its set, unless the issuer says otherwise. */
  static final Duration OVERLAP = Duration.ofMinutes(10);

  private static final Duration LONGEST_OVERLAP = Duration.ofHours(24);
  private static final Set<String> MEMBERS =
      Set.of("issuer", "jwks", "keys", "audience", "algorithms", "tenant_claim", "overlap");

  private final Document document;

  private IssuersFile(Document document) {
    this.document = document;
  }

  /**
   * Reads it, not the key files it names.
   *
   * @throws SettingsException naming the file, if it is one, and the place in it
   */
  static List<IssuerSettings> read(Document document) {
    try {
      return parse(document, document.text());
    } catch (Document.TooLargeException _) {
      throw new IssuersFile(document).bad("", "it is larger than 1 MiB");
    } catch (IOException _) {
      throw new IssuersFile(document).bad("", "it cannot be read as UTF-8 text");
    }
  }

  /**
   * Reads its text.
   *
   * @param document from where the paths in it are told, and what errors name
   * @throws SettingsException naming the document and the place in it
   */
  static List<IssuerSettings> parse(Document document, String text) {
    return new IssuersFile(document).issuers(text);
  }

  private List<IssuerSettings> issuers(String text) {
    JsonArray listed;
    try {
      listed = new JsonArray(text);
    } catch (DecodeException | ClassCastException _) {
      throw bad("", "it is no JSON array of issuers");
    }
    if (listed.isEmpty() || listed.size() > MOST_ISSUERS) {
      throw bad("", "there must be 1 to " + MOST_ISSUERS + " issuers");
    }
    var issuers = new ArrayList<IssuerSettings>();
    var names = new HashSet<String>();
    for (int i = 0; i < listed.size(); i++) {
      var pointer = "/" + i;
      if (!(listed.getValue(i) instanceof JsonObject entry)) {
        throw bad(pointer, "an issuer is an object");
      }
      var issuer = issuer(pointer, entry);
      if (!names.add(issuer.name())) {
        throw bad(pointer + "/issuer", "this issuer is listed twice");
      }
      issuers.add(issuer);
    }
    return issuers;
  }

  private IssuerSettings issuer(String pointer, JsonObject entry) {
    for (var member : entry.fieldNames()) {
      if (!MEMBERS.contains(member)) {
        throw bad(
            pointer + "/" + member.replace("~", "~0").replace("/", "~1"),
            "this member is unknown; there are issuer, jwks or keys, audience, algorithms,"
                + " tenant_claim and overlap");
      }
    }
    return new IssuerSettings(
        Optional.of(text(pointer + "/issuer", entry.getValue("issuer"))),
        source(pointer, entry),
        texts(pointer + "/audience", entry.getValue("audience")),
        algorithms(pointer + "/algorithms", entry),
        entry.containsKey("tenant_claim")
            ? text(pointer + "/tenant_claim", entry.getValue("tenant_claim"))
            : IssuerSettings.TENANT_CLAIM);
  }

  private Source source(String pointer, JsonObject entry) {
    if (entry.containsKey("jwks") == entry.containsKey("keys")) {
      throw bad(pointer, "an issuer has either jwks, a URL, or keys, a list of files");
    }
    if (entry.containsKey("jwks")) {
      return new Source.Web(
          url(pointer + "/jwks", text(pointer + "/jwks", entry.getValue("jwks"))),
          overlap(pointer + "/overlap", entry));
    }
    if (entry.containsKey("overlap")) {
      throw bad(pointer + "/overlap", "only keys that are fetched (jwks) have an overlap");
    }
    var place = pointer + "/keys";
    return new Source.Given(keys(place, entry.getValue("keys")), place + " of " + where());
  }

  private List<Document> keys(String pointer, @Nullable Object value) {
    var listed = entries(pointer, value);
    var keys = new LinkedHashSet<Document>();
    for (int i = 0; i < listed.size(); i++) {
      keys.add(
          switch (listed.getValue(i)) {
            case JsonObject jwk -> new Document.Inline(jwk.encode());
            case String text when Document.isText(text) && text.length() <= MOST_KEY_CHARS ->
                new Document.Inline(text);
            case null, default ->
                new Document.InFile(beside(text(pointer + "/" + i, listed.getValue(i))));
          });
    }
    return List.copyOf(keys);
  }

  /** A file's path as told from where the document is. */
  private Path beside(String name) {
    return switch (document) {
      case Document.InFile(var path) -> path.toAbsolutePath().resolveSibling(name);
      case Document.Inline _ -> Path.of(name);
    };
  }

  private URI url(String pointer, String text) {
    try {
      return KeySetUrl.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw bad(pointer, wrong.getMessage());
    }
  }

  private Duration overlap(String pointer, JsonObject entry) {
    if (!entry.containsKey("overlap")) {
      return OVERLAP;
    }
    try {
      var overlap = Durations.parse(text(pointer, entry.getValue("overlap")));
      if (overlap.compareTo(LONGEST_OVERLAP) <= 0) {
        return overlap;
      }
    } catch (IllegalArgumentException _) {
      // answered below, like one that is too long
    }
    throw bad(pointer, "it is a duration from 0s to 24h, such as 10m");
  }

  private Set<Algorithm> algorithms(String pointer, JsonObject entry) {
    var names = texts(pointer, entry.getValue("algorithms"));
    for (var name : names) {
      if (Algorithm.named(name).isEmpty()) {
        throw bad(pointer, "the algorithms are " + Algorithm.NAMES);
      }
    }
    return names.stream()
        .map(Algorithm::named)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Set<String> texts(String pointer, @Nullable Object value) {
    var listed = entries(pointer, value);
    var texts = new LinkedHashSet<String>();
    for (int i = 0; i < listed.size(); i++) {
      texts.add(text(pointer + "/" + i, listed.getValue(i)));
    }
    return texts;
  }

  private JsonArray entries(String pointer, @Nullable Object value) {
    if (value instanceof JsonArray listed && !listed.isEmpty() && listed.size() <= MOST_ENTRIES) {
      return listed;
    }
    throw bad(pointer, "a list of 1 to " + MOST_ENTRIES + " texts is required");
  }

  private String text(String pointer, @Nullable Object value) {
    if (value instanceof String text && !text.isBlank() && text.length() <= MOST_CHARS) {
      return text;
    }
    throw bad(pointer, "a text of 1 to " + MOST_CHARS + " characters is required");
  }

  private SettingsException bad(String pointer, @Nullable String why) {
    var place = pointer.isEmpty() ? "" : " at " + pointer;
    var name =
        switch (document) {
          case Document.InFile(var path) ->
              "the issuers file " + path + " (" + AuthSettings.ISSUERS + ")";
          case Document.Inline _ -> "the setting " + AuthSettings.ISSUERS;
        };
    return new SettingsException(name + place + ": " + why);
  }

  private String where() {
    return switch (document) {
      case Document.InFile(var path) -> path.toString();
      case Document.Inline _ -> AuthSettings.ISSUERS.variable();
    };
  }
}
