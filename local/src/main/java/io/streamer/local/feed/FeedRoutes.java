package io.streamer.local.feed;

import io.streamer.gateway.http.Refusal;
import io.streamer.handler.RawJson;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.table.StoreUnavailableException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The feed over HTTP: lists and jobs as JSON, what changes as server-sent events, and what can be
 * done to a job. Who may come is for whoever mounts it to say.
 */
public final class FeedRoutes {
  private static final int MOST_WATCHERS = 32;
  private static final int USUAL_ROWS = 1_000;

  private final Vertx vertx;
  private final Feed feed;
  private final FeedStore store;
  private final StageControl control;
  private final StageFacts facts;
  private final AtomicInteger watchers = new AtomicInteger();

  /**
   * Of a stage.
   *
   * @param vertx where it is served
   * @param served what it serves
   */
  public FeedRoutes(
      Vertx vertx, Feed feed, FeedStore store, StageControl control, Supplier<Served> served) {
    this.vertx = vertx;
    this.feed = feed;
    this.store = store;
    this.control = control;
    this.facts = new StageFacts(control, served);
  }

  /**
   * Adds it below a path.
   *
   * @param doing lets through who may change something
   */
  public void mount(Router http, String path, Handler<RoutingContext> doing) {
    http.get(path + "/jobs").handler(this::list);
    http.get(path + "/jobs/:job").handler(this::show);
    http.get(path + "/stage").handler(it -> send(it, facts.json()));
    http.get(path + "/live").handler(this::live);
    http.post(path + "/jobs/:job/cancel").handler(doing).handler(it -> onJob(it, this::cancel));
    http.post(path + "/jobs/:job/redrive").handler(doing).handler(it -> onJob(it, this::redrive));
    http.post(path + "/jobs/:job/kill").handler(doing).handler(it -> onJob(it, this::kill));
    http.post(path + "/faults/:state").handler(doing).handler(this::faults);
  }

  private void list(RoutingContext context) {
    var limit = query(context, "limit").orElse(Integer.toString(USUAL_ROWS));
    if (!limit.matches("[1-9]\\d{0,4}")) {
      fail(context, 400, "bad_request", "limit is a number from 1 to " + Feed.MOST_JOBS);
      return;
    }
    var wanted =
        new Feed.Wanted(
            query(context, "state"),
            query(context, "action"),
            query(context, "text"),
            Math.min(Integer.parseInt(limit), Feed.MOST_JOBS));
    send(context, Payloads.write(feed.rows(wanted)));
  }

  private static Optional<String> query(RoutingContext context, String name) {
    return context.queryParam(name).stream().filter(text -> !text.isBlank()).findFirst();
  }

  private void show(RoutingContext context) {
    onJob(
        context,
        job -> Payloads.write(store.view(job, control.running().contains(job.job().id().value()))));
  }

  private void live(RoutingContext context) {
    if (watchers.incrementAndGet() > MOST_WATCHERS) {
      watchers.decrementAndGet();
      fail(context, 503, "too_many_watchers", MOST_WATCHERS + " watch already");
      return;
    }
    Watcher.begin(vertx, feed, facts, context.response(), watchers::decrementAndGet);
  }

  private RawJson cancel(Feed.Whole job) {
    return Payloads.write(Map.of("status", store.cancel(job.job())));
  }

  private RawJson redrive(Feed.Whole job) {
    return store
        .redrive(job.job())
        .map(id -> Payloads.write(Map.of("job_id", id)))
        .orElseThrow(() -> new Refused("not_failed", "only a job that failed is done again"));
  }

  private RawJson kill(Feed.Whole job) {
    if (!control.killWorker(job.job().id().value())) {
      throw new Refused("not_running", "no worker runs this job now");
    }
    return Payloads.write(Map.of("killed", true));
  }

  private void faults(RoutingContext context) {
    var state = context.pathParam("state");
    if (!state.equals("on") && !state.equals("off")) {
      fail(context, 404, "not_found", "faults are on or off");
      return;
    }
    answer(
        context,
        () -> {
          control.faults(state.equals("on"));
          return facts.json();
        });
  }

  /** Cannot be done as the job stands. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final String said;

    Refused(String code, String message) {
      super(message);
      this.code = code;
      this.said = message;
    }
  }

  private void onJob(RoutingContext context, Function<Feed.Whole, RawJson> what) {
    var found = feed.find(context.pathParam("job"));
    if (found.isEmpty()) {
      fail(context, 404, "not_found", "there is no such job, or no more");
      return;
    }
    answer(context, () -> what.apply(found.get()));
  }

  private void answer(RoutingContext context, Callable<RawJson> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(json -> send(context, json))
        .onFailure(e -> {
          switch (e) {
            case Refused refused -> fail(context, 409, refused.code, refused.said);
            case StoreUnavailableException _, SdkException _ ->
                fail(context, 503, "store_unavailable", "the tables do not answer");
            default -> context.fail(e);
          }
        });
  }

  private static void send(RoutingContext context, RawJson json) {
    if (!context.response().closed()) {
      context
          .response()
          .putHeader("Content-Type", "application/json")
          .end(Buffer.buffer(json.utf8()));
    }
  }

  private static void fail(RoutingContext context, int status, String code, String message) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Refusal.body(code, message));
  }
}
