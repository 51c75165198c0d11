package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.settings.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AuthenticationPageTest {
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");

  @Test
  void theIssuersFileOfThePageIsAccepted() throws IOException {
    var page = Files.readString(Path.of("../docs/authentication.md"));
    var example = EXAMPLE.matcher(page);

    assertThat(example.find()).isTrue();
    assertThat(IssuersFile.parse(new Document.InFile(Path.of("issuers.json")), example.group(1)))
        .extracting(IssuerSettings::name)
        .containsExactly("https://login.example.com", "batch");
  }
}
