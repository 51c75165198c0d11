package io.streamer.local.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * The key pair (ES256) whose tokens the dev stage accepts, kept in {@code .streamer/dev-key.pem}.
 */
public final class DevKey {
  /** The {@code iss} of dev tokens. */
  public static final String ISSUER = "streamer-dev";

  /** The {@code aud} of dev tokens. */
  public static final String AUDIENCE = "streamer";

  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final int COORDINATE_BYTES = 32;
  private static final Base64.Encoder BASE64_URL = Base64.getUrlEncoder().withoutPadding();

  private final PrivateKey secret;
  private final ECPublicKey open;

  private DevKey(PrivateKey secret, ECPublicKey open) {
    this.secret = secret;
    this.open = open;
  }

  /**
   * The key of a repository, made at its first use. Processes that ask for the first time at once
   * agree on one.
   *
   * @throws SettingsException if the file holds no such key pair
   * @throws UncheckedIOException if the file cannot be read or written
   */
  public static DevKey at(Path home) {
    var file = home.resolve(".streamer").resolve("dev-key.pem");
    try {
      if (Files.notExists(file)) {
        create(file);
      }
      return parse(Files.readString(file));
    } catch (GeneralSecurityException | IllegalArgumentException | ClassCastException _) {
      throw new SettingsException(
          file + " holds no ES256 key pair; delete it and a new one will be made");
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException("cannot make " + file, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or write " + file + ": " + e.getMessage(), e);
    }
  }

  /** The claims of a development token, without {@code permissions} if there are none. */
  public static Map<String, Object> claims(
      String user, String tenant, List<String> permissions, Duration ttl, Instant now) {
    SequencedMap<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("aud", AUDIENCE);
    claims.put("sub", user);
    claims.put("tenant_id", tenant);
    if (!permissions.isEmpty()) {
      claims.put("permissions", List.copyOf(permissions));
    }
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(ttl).getEpochSecond());
    return claims;
  }

  /** A JWT with these claims and no others. */
  public String sign(Map<String, Object> claims) {
    var header = new JsonObject().put("alg", "ES256").put("typ", "JWT").put("kid", kid());
    var text = base64(header.encode()) + "." + base64(new JsonObject(claims).encode());
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(secret);
      signature.update(text.getBytes(UTF_8));
      return text + "." + BASE64_URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK signs ES256", e);
    }
  }

  /** The public key, as an X.509 PEM block. */
  public String publicPem() {
    return pem(PUBLIC, open.getEncoded());
  }

  /** The public key as a JWK set. */
  public String jwks() {
    var key = publicJwk().put("kid", kid()).put("alg", "ES256").put("use", "sig");
    return new JsonObject().put("keys", new JsonArray().add(key)).encode();
  }

  /** Writes {@link #jwks} to where gateways read and serve it, and gives that file. */
  public Path publish(Path home) {
    var file = home.resolve(".streamer").resolve("jwks.json");
    try {
      // replaced at once: another stage may be reading it
      var fresh = Files.createTempFile(file.getParent(), "jwks", ".json");
      Files.writeString(fresh, jwks());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the keys cannot be written to " + file, e);
    }
    return file;
  }

  /** RFC 7638: the hash of the required members in alphabetical order. */
  private String kid() {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(publicJwk().encode().getBytes(UTF_8));
      return BASE64_URL.encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK hashes SHA-256", e);
    }
  }

  private JsonObject publicJwk() {
    return new JsonObject()
        .put("crv", "P-256")
        .put("kty", "EC")
        .put("x", coordinate(open.getW().getAffineX()))
        .put("y", coordinate(open.getW().getAffineY()));
  }

  private static String coordinate(BigInteger number) {
    var bytes = number.toByteArray();
    var fixed = new byte[COORDINATE_BYTES];
    // toByteArray may lead with a sign byte, or be short
    int length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
    return BASE64_URL.encodeToString(fixed);
  }

  private static void create(Path file) throws IOException, GeneralSecurityException {
    var folder = Files.createDirectories(file.toAbsolutePath().getParent());
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var pair = generator.generateKeyPair();
    var temporary = Files.createTempFile(folder, "dev-key-", ".tmp", ownerOnly(folder));
    try {
      Files.writeString(temporary, text(pair));
      // a link appears with its whole content or not at all, and never replaces another's
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException _) {
      // another process was first: its key is the one
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) {
    var posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static String text(KeyPair pair) {
    return pem(PRIVATE, pair.getPrivate().getEncoded())
        + pem(PUBLIC, pair.getPublic().getEncoded());
  }

  private static DevKey parse(String text) throws GeneralSecurityException {
    var keys = KeyFactory.getInstance("EC");
    return new DevKey(
        keys.generatePrivate(new PKCS8EncodedKeySpec(block(PRIVATE, text))),
        (ECPublicKey) keys.generatePublic(new X509EncodedKeySpec(block(PUBLIC, text))));
  }

  private static String pem(String label, byte[] der) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  private static byte[] block(String label, String text) {
    var match =
        Pattern.compile(
                "-----BEGIN " + label + "-----(.*?)-----END " + label + "-----", Pattern.DOTALL)
            .matcher(text);
    if (!match.find()) {
      throw new IllegalArgumentException("no " + label);
    }
    return Base64.getMimeDecoder().decode(match.group(1));
  }

  private static String base64(String json) {
    return BASE64_URL.encodeToString(json.getBytes(UTF_8));
  }
}
