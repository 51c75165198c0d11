package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.testtools.PdfText;
import io.streamer.testtools.Workbook;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Reports as a client has them: asked for at a door, fetched by the URL in the result. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class ReportFilesTest {
  @Parameter Door door;

  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final LocalDate START = LocalDate.of(2026, 2, 1);
  private static final LocalDate END = LocalDate.of(2026, 2, 28);

  @Test
  void aCsvHasTheRowsItPromisesWithinTheirDates() throws Exception {
    var result = report("csv");
    var lines = new String(fetched(result).body(), UTF_8).strip().lines().toList();
    assertThat(lines).hasSize(1 + result.getInteger("records"));
    for (var line : lines.subList(1, lines.size())) {
      var found = DATE.matcher(line);
      assertThat(found.find()).as(line).isTrue();
      assertThat(LocalDate.parse(found.group())).isBetween(START, END);
    }
  }

  @Test
  void aWorkbookHasTheRowsItPromises() throws Exception {
    var result = report("excel");
    var sheets = Workbook.read(fetched(result).body());
    assertThat(sheets.keySet()).containsExactly("Sales", "By month");
    assertThat(sheets.get("Sales")).hasSize(1 + result.getInteger("records"));
    assertThat(sheets.get("By month").getLast().getFirst()).isEqualTo("2026-02");
  }

  @Test
  void aPdfIsTheDefault() throws Exception {
    var result = report(null);
    assertThat(result.getString("format")).isEqualTo("pdf");
    var response = fetched(result);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/pdf");
    var pages = PdfText.pages(response.body());
    assertThat(DATE.matcher(String.join("", pages)).results())
        .hasSize(result.getInteger("records"));
    assertThat(pages.getLast()).contains("Amount by month");
  }

  @Test
  void aUrlSaysNothingThatWouldLeadToAnother() throws Exception {
    var one = URI.create(report("csv").getString("url"));
    var other = URI.create(report("csv").getString("url"));
    assertThat(one.getPath()).isNotEqualTo(other.getPath());
    // a file's own address, without or with another's signature
    var bare = URI.create(one.toString().substring(0, one.toString().indexOf('?')));
    assertThat(get(bare).statusCode()).isEqualTo(403);
    assertThat(get(URI.create(bare + "?" + other.getRawQuery())).statusCode()).isEqualTo(403);
  }

  private JsonObject report(String format) {
    var payload =
        JsonObject.of(
            "start_date",
            START.toString(),
            "end_date",
            END.toString(),
            "report_type",
            "monthly",
            "include_charts",
            true);
    if (format != null) {
      payload.put("format", format);
    }
    try (var peer = door.connect(Tokens.fresh())) {
      peer.request("r-1", "generate_report", payload);
      return peer.terminal(peer.acknowledgment("r-1").jobId()).result();
    }
  }

  private static HttpResponse<byte[]> fetched(JsonObject result) throws Exception {
    var response = get(URI.create(result.getString("url")));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body().length)
        .isEqualTo(result.getInteger("size_bytes"))
        .isEqualTo(result.getInteger("size"));
    assertThat(Instant.parse(result.getString("expires_at"))).isAfter(Instant.now());
    assertThat(Instant.parse(result.getString("generated_at"))).isBefore(Instant.now());
    return response;
  }

  private static HttpResponse<byte[]> get(URI uri) throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
  }
}
