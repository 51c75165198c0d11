package io.streamer.local.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevKeyTest {
  @TempDir Path home;

  @Test
  void theKeyMadeAtFirstUseIsTheKeyEverAfter() {
    assertThat(DevKey.at(home).publicPem()).isEqualTo(DevKey.at(home).publicPem());
  }

  @Test
  void onlyItsOwnerMayReadTheFile() throws Exception {
    DevKey.at(home);

    var mode = Files.getPosixFilePermissions(file());
    assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
  }

  @RepeatedTest(20)
  void threadsThatAskForTheFirstTimeAtOnceAgreeOnOneKey() throws Exception {
    int threads = 6;
    var together = new CyclicBarrier(threads);
    Callable<String> first =
        () -> {
          together.await();
          return DevKey.at(home).publicPem();
        };
    var keys = new ArrayList<String>();
    try (var executor = Executors.newFixedThreadPool(threads)) {
      var asked = new ArrayList<Future<String>>();
      for (int i = 0; i < threads; i++) {
        asked.add(executor.submit(first));
      }
      for (var answer : asked) {
        keys.add(answer.get());
      }
    }

    assertThat(keys).hasSize(threads).containsOnly(DevKey.at(home).publicPem());
    try (var files = Files.list(home.resolve(".streamer"))) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void processesThatAskForTheFirstTimeAtOnceAgreeOnOneKey() throws Exception {
    var asked = new ArrayList<Process>();
    for (int i = 0; i < 3; i++) {
      asked.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  PrintKey.class.getName(),
                  home.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    var keys = new ArrayList<String>();
    for (var process : asked) {
      keys.add(new String(process.getInputStream().readAllBytes(), UTF_8));
      assertThat(process.waitFor()).isZero();
    }

    assertThat(keys).hasSize(3).containsOnly(DevKey.at(home).publicPem());
  }

  /** What each of the racing processes runs. */
  static final class PrintKey {
    public static void main(String[] args) {
      System.out.print(DevKey.at(Path.of(args[0])).publicPem());
    }
  }

  @Test
  void aTokenCarriesItsClaimsAndVerifiesWithThePublicPem() throws Exception {
    var key = DevKey.at(home);

    var parts = key.sign(Map.of("sub", "ada", "exp", 1_800_000_000L)).split("\\.", -1);

    assertThat(json(parts[1]))
        .isEqualTo(new JsonObject().put("sub", "ada").put("exp", 1_800_000_000));
    assertThat(verifies(ofPem(key.publicPem()), parts)).isTrue();
    parts[1] = base64("{\"sub\":\"eve\"}");
    assertThat(verifies(ofPem(key.publicPem()), parts)).isFalse();
  }

  @RepeatedTest(20)
  void theJwkIsTheSameKeyAndItsIdStandsInTheHeader(@TempDir Path fresh) throws Exception {
    var key = DevKey.at(fresh);

    var parts = key.sign(Map.of("sub", "ada")).split("\\.", -1);

    var jwk = new JsonObject(key.jwks()).getJsonArray("keys").getJsonObject(0);
    assertThat(json(parts[0]))
        .isEqualTo(
            new JsonObject()
                .put("alg", "ES256")
                .put("typ", "JWT")
                .put("kid", jwk.getString("kid")));
    assertThat(verifies(ofJwk(jwk), parts)).isTrue();
    assertThat(Base64.getUrlDecoder().decode(jwk.getString("x"))).hasSize(32);
    assertThat(jwk.containsKey("d")).isFalse();
  }

  @Test
  void aSpoiltFileIsNamedAlongWithTheRemedy() throws Exception {
    DevKey.at(home);
    for (var content :
        new String[] {"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}) {
      Files.writeString(file(), content);

      assertThatThrownBy(() -> DevKey.at(home))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("dev-key.pem")
          .hasMessageContaining("delete it");
    }
  }

  private Path file() {
    return home.resolve(".streamer/dev-key.pem");
  }

  private static boolean verifies(PublicKey key, String[] parts) throws Exception {
    var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(key);
    signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
    return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
  }

  private static PublicKey ofPem(String pem) throws Exception {
    var body = pem.replaceAll("-----[A-Z ]+-----", "");
    return KeyFactory.getInstance("EC")
        .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
  }

  private static ECPublicKey ofJwk(JsonObject jwk) throws Exception {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var point = new ECPoint(number(jwk.getString("x")), number(jwk.getString("y")));
    return (ECPublicKey)
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static BigInteger number(String base64) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(base64));
  }

  private static JsonObject json(String base64) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(base64), UTF_8));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
