package io.streamer.test.stage;

import io.streamer.handler.RawJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request under way, as its client sees it. */
public final class StageRequest {
  private final StageClient client;
  private final String id;

  // guarded by the client
  private final List<Progress> progress = new ArrayList<>();
  private @Nullable String jobId;
  private @Nullable ServerFrame end;
  private long seq;

  StageRequest(StageClient client, String id) {
    this.client = client;
    this.id = id;
  }

  /** The request's id. */
  public String id() {
    return id;
  }

  /**
   * The id of the job it became, as soon as it is known.
   *
   * @throws AssertionError if it was answered on the spot
   */
  public String jobId() {
    var answered =
        client.await(
            "an acknowledgment of " + id,
            () -> jobId == null && end == null ? null : Optional.ofNullable(jobId));
    return answered.orElseThrow(() -> new AssertionError("no job: " + reply()));
  }

  /** Waits until the job reports at least this percentage; gives the report. */
  public Progress awaitProgress(double percentage) {
    return client.await(
        percentage + " % of " + id,
        () ->
            progress.stream()
                .filter(one -> one.percentage() >= percentage)
                .findFirst()
                .orElse(null));
  }

  /** How the job stands in the store, such as {@code running}. */
  public String status() {
    var answer = client.status(id);
    return ServerFrame.read(answer.reply().answered().result(), ServerFrame.Status.class).status();
  }

  /** Waits for the end. */
  public Reply reply() {
    var last = client.await("an end of " + id, () -> end);
    var heard = client.look(() -> List.copyOf(progress));
    Function<RawJson, Reply> answered = result -> new Reply.Answered(result, heard);
    return last.error()
        .<Reply>map(problem -> problem.failed(heard))
        .or(() -> last.data().or(last::result).map(answered))
        .or(() -> last.resultUrl().map(StageRequest::fetch).map(answered))
        .orElseThrow(() -> new AssertionError("an end that tells nothing: " + last));
  }

  void awaitEnd() {
    client.await("an end of " + id, () -> end);
  }

  /** Takes a frame; one that API Gateway repeats or brings late changes nothing. */
  void take(ServerFrame frame) {
    if (end != null || frame.seq().orElse(Long.MAX_VALUE) <= seq) {
      return;
    }
    seq = frame.seq().orElse(seq);
    frame.jobId().ifPresent(job -> jobId = job);
    if (frame.is("progress")) {
      progress.add(
          new Progress(
              frame.percentage().orElse(0.0),
              frame.message().orElse(""),
              frame.attempt().orElse(1)));
    } else if (frame.ends()) {
      end = frame;
    }
  }

  private static RawJson fetch(String url) {
    try {
      var request = HttpRequest.newBuilder(URI.create(url)).build();
      var response = StageClient.HTTP.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new AssertionError("the result's URL answers " + response.statusCode());
      }
      return RawJson.of(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException("the result cannot be fetched", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the result was fetched", e);
    }
  }
}
