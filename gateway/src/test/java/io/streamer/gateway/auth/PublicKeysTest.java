package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublicKeysTest {
  @TempDir Path folder;

  private static List<PublicKeys.Key> load(List<Path> files) {
    return given(files.stream().<Document>map(Document.InFile::new).toList());
  }

  private static List<PublicKeys.Key> given(List<Document> documents) {
    return PublicKeys.load(new IssuerSettings.Source.Given(documents, "STREAMER_TOKEN_KEYS"));
  }

  @Test
  void severalBlocksAndSeveralFilesAreReadInOrder() {
    var pem = Tokens.pemFile(folder, Tokens.RSA.getPublic(), Tokens.EC.getPublic());
    var jwks = Tokens.jwksFile(folder, Tokens.jwk(Tokens.ED.getPublic()).put("kid", "e"));

    assertThat(load(List.of(pem, jwks)))
        .extracting(PublicKeys.Key::key)
        .containsExactly(Tokens.RSA.getPublic(), Tokens.EC.getPublic(), Tokens.ED.getPublic());
  }

  @Test
  void aPrivateBlockBesideAPublicOneIsPassedOver() {
    var both =
        Tokens.pem("PRIVATE KEY", Tokens.EC.getPrivate())
            + "a comment between them\r\n"
            + Tokens.pem("PUBLIC KEY", Tokens.EC.getPublic()).replace("\n", "\r\n");

    assertThat(load(List.of(Tokens.file(folder, "pem", both))))
        .singleElement()
        .satisfies(key -> {
          assertThat(key.key()).isEqualTo(Tokens.EC.getPublic());
          assertThat(key.kid()).isEmpty();
          assertThat(key.algorithm()).isEqualTo(Algorithm.ES256);
        });
  }

  @Test
  void keysOfASetThatDoNotVerifySignaturesOfOursArePassedOver() {
    var wanted = Tokens.jwk(Tokens.RSA.getPublic()).put("kid", "wanted");
    var jwks =
        Tokens.jwksFile(
            folder,
            Tokens.jwk(Tokens.RSA.getPublic()).put("use", "enc"),
            Tokens.jwk(Tokens.RSA.getPublic()).put("alg", "PS256"),
            Tokens.jwk(Tokens.EC.getPublic()).put("crv", "P-384"),
            Tokens.jwk(Tokens.ED.getPublic()).put("crv", "X25519"),
            Tokens.jwk(Tokens.ED.getPublic()).put("key_ops", new JsonArray().add("sign")),
            new JsonObject().put("kty", "oct").put("k", "c2VjcmV0"),
            new JsonObject().put("kty", "of tomorrow"),
            wanted.copy().put("key_ops", new JsonArray().add("verify")));

    assertThat(load(List.of(jwks)))
        .singleElement()
        .satisfies(key -> assertThat(key.kid()).contains("wanted"));
  }

  @Test
  void oneKeyMayStandWithoutASet() {
    var file = Tokens.file(folder, "json", Tokens.jwk(Tokens.EC.getPublic()).encode());

    assertThat(load(List.of(file)))
        .singleElement()
        .satisfies(key -> assertThat(key.key()).isEqualTo(Tokens.EC.getPublic()));
  }

  @Test
  void keysMayBeGivenAsTexts() {
    var pem =
        Tokens.pem("PUBLIC KEY", Tokens.RSA.getPublic())
            + Tokens.pem("PUBLIC KEY", Tokens.EC.getPublic());
    var jwk = Tokens.jwk(Tokens.ED.getPublic()).put("kid", "e").encode();

    assertThat(given(List.of(new Document.Inline(pem), new Document.Inline(jwk))))
        .extracting(PublicKeys.Key::key)
        .containsExactly(Tokens.RSA.getPublic(), Tokens.EC.getPublic(), Tokens.ED.getPublic());
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void aTextWithoutAUsableKeyIsRefusedWithTheReason(Unusable unusable) {
    assertThatThrownBy(() -> given(List.of(new Document.Inline(unusable.text()))))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("a document of STREAMER_TOKEN_KEYS ")
        .hasMessageContaining(unusable.why());
  }

  @Test
  void aTextIsNotShown() {
    var secret = Tokens.pem("PRIVATE KEY", Tokens.RSA.getPrivate());

    assertThatThrownBy(() -> given(List.of(new Document.Inline(secret))))
        .message()
        .doesNotContain("PRIVATE")
        .doesNotContain(secret.lines().skip(1).findFirst().orElseThrow());
  }

  @Test
  void noFilesAreRefused() {
    assertThatThrownBy(() -> load(List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_TOKEN_KEYS");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    var missing = folder.resolve("missing.pem");

    assertThatThrownBy(() -> load(List.of(missing)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("missing.pem")
        .hasMessageContaining("cannot be read");
  }

  record Unusable(String text, String why) {}

  static Stream<Unusable> unusable() {
    var offCurve = Tokens.jwk(Tokens.EC.getPublic());
    var one = new byte[32];
    one[31] = 1;
    offCurve.put("x", Tokens.base64(one)).put("y", Tokens.base64(one));
    var weak = Tokens.jwk(Tokens.RSA.getPublic());
    weak.put("n", Tokens.base64(BigInteger.ONE.shiftLeft(1023).setBit(0).toByteArray()));
    var shortPoint = Tokens.jwk(Tokens.ED.getPublic()).put("x", Tokens.base64(new byte[31]));
    var noModulus = Tokens.jwk(Tokens.RSA.getPublic());
    noModulus.remove("n");
    return Stream.of(
        new Unusable("", "holds no key"),
        new Unusable("ssh-ed25519 AAAA", "holds no key"),
        new Unusable(Tokens.pem("PRIVATE KEY", Tokens.RSA.getPrivate()), "holds no key"),
        new Unusable("-----BEGIN PUBLIC KEY-----\nAAAA\n", "holds no key"),
        new Unusable("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "malformed"),
        new Unusable("-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----", "malformed"),
        new Unusable(Tokens.pem("PUBLIC KEY", Tokens.generate("Ed448").getPublic()), "malformed"),
        new Unusable(Tokens.pem("PUBLIC KEY", Tokens.rsa(1024).getPublic()), "2048 bits"),
        new Unusable(Tokens.pem("PUBLIC KEY", Tokens.ec("secp384r1").getPublic()), "P-256"),
        new Unusable("{", "not JSON"),
        new Unusable("{}", "no array"),
        new Unusable("{\"keys\":{}}", "no array"),
        new Unusable("{\"keys\":[]}", "holds no key"),
        new Unusable("{\"keys\":[7]}", "no object"),
        new Unusable("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}", "holds no key"),
        new Unusable(noModulus.encode(), "\"n\""),
        new Unusable(weak.encode(), "2048 bits"),
        new Unusable(shortPoint.encode(), "32 bytes"),
        new Unusable(offCurve.encode(), "P-256"));
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void aFileWithoutAUsableKeyIsNamedWithTheReason(Unusable unusable) {
    var file = Tokens.file(folder, "pem", unusable.text());

    assertThatThrownBy(() -> load(List.of(file)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining(unusable.why());
  }

  @Test
  void aFileOfMoreThanAMebibyteIsNotRead() {
    var file = Tokens.file(folder, "pem", " ".repeat(1024 * 1024 + 1));

    assertThatThrownBy(() -> load(List.of(file))).hasMessageContaining("1 MiB");
  }

  @Test
  void moreThanSixtyFourKeysAreRefused() {
    var block = Tokens.pem("PUBLIC KEY", Tokens.ED.getPublic());

    assertThat(load(List.of(Tokens.file(folder, "pem", block.repeat(64))))).hasSize(64);
    assertThatThrownBy(() -> load(List.of(Tokens.file(folder, "pem", block.repeat(65)))))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("64");
  }
}
