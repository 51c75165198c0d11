package io.streamer.local.console;

import io.streamer.gateway.Gateway;
import io.streamer.gateway.http.Refusal;
import io.streamer.handler.RawJson;
import io.streamer.local.feed.FeedRoutes;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.payload.Payloads;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The page at the root of the direct port. It speaks the wire protocol like any client; over plain
 * HTTP it gets its files, the list of actions, a token for itself, and who is connected. A page of
 * the developer's own, below {@code /page/}, is guarded like it and gets the same.
 */
public final class Console {
  private static final int MOST_CONNECTIONS = 100;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          // a page of an older stage would not fit a newer one
          "Cache-Control",
          "no-store");

  /** A page of the developer's loads what it likes, and is in nobody's frame either. */
  private static final String PAGE_POLICY = "frame-ancestors 'none'";

  private final Gateway gateway;
  private final Supplier<List<String>> names;
  private final FeedRoutes feed;
  private final ActionList actions;
  private final String tenant;
  private final Function<List<String>, String> token;

  private Console(
      Gateway gateway,
      Supplier<List<String>> names,
      FeedRoutes feed,
      ActionList actions,
      String tenant,
      Function<List<String>, String> token) {
    this.gateway = gateway;
    this.names = names;
    this.feed = feed;
    this.actions = actions;
    this.tenant = tenant;
    this.token = token;
  }

  /**
   * Adds the console to the routes of a gateway's direct port.
   *
   * @param names of the actions, in the order in which they are shown
   * @param feed tells of every job of the stage
   * @param catalogue the actions as they are at the moment
   * @param threshold the longest estimate that is answered on the spot
   * @param tenant whose connections are shown
   * @param token signs a token of that tenant with these permissions
   * @param handlers the folder whose own page is served, too
   */
  public static void mount(
      Gateway gateway,
      Supplier<List<String>> names,
      FeedRoutes feed,
      Supplier<Catalogue> catalogue,
      Duration threshold,
      String tenant,
      Function<List<String>, String> token,
      Optional<Path> handlers) {
    new Console(gateway, names, feed, new ActionList(catalogue, threshold), tenant, token)
        .mount(Assets.load(), handlers);
  }

  private void mount(Assets assets, Optional<Path> handlers) {
    var http = gateway.http();
    handlers.ifPresent(folder -> {
      http.route(ProjectPage.PATH + "*").handler(Console::guard).handler(Console::openPolicy);
      ProjectPage.mount(http, folder);
    });
    http.get("/").handler(Console::guard).handler(it -> send(it, assets.page()));
    http.route("/console/*").handler(Console::guard);
    http.post("/console/token").handler(this::token);
    http.get("/console/actions.json").handler(it -> send(it, json(actions.describe(names.get()))));
    http.get("/console/connections.json").handler(this::connections);
    feed.mount(http, "/console/feed", Console::own);
    http.get("/console/:file").handler(it -> file(it, assets.find(it.pathParam("file"))));
  }

  private static void guard(RoutingContext context) {
    HEADERS.forEach(context.response()::putHeader);
    if (!OwnPage.isLocal(context.request())) {
      refuse(context, "host_not_allowed", "open the console as 127.0.0.1 or localhost");
    } else if (OwnPage.isForeign(context.request())) {
      refuse(context, "origin_not_allowed", "only the console's own page may ask for this");
    } else {
      context.next();
    }
  }

  private static void openPolicy(RoutingContext context) {
    context.response().putHeader("Content-Security-Policy", PAGE_POLICY);
    context.next();
  }

  /** Lets the console's own page through alone: this changes something. */
  private static void own(RoutingContext context) {
    if (OwnPage.isProven(context.request())) {
      context.next();
    } else {
      refuse(context, "origin_not_allowed", "only the console's own page may ask for this");
    }
  }

  private void token(RoutingContext context) {
    if (OwnPage.isProven(context.request())) {
      send(context, json(Payloads.write(Map.of("token", token.apply(actions.needs())))));
    } else {
      refuse(context, "origin_not_allowed", "use ./streamer token outside the console");
    }
  }

  /** A connection, as the page shows it. */
  private record Shown(
      String id,
      String user,
      String endpoint,
      String address,
      String agent,
      long connectedAt,
      long lastSeenAt) {}

  private record Page(List<Shown> connections, boolean more) {}

  private void connections(RoutingContext context) {
    gateway
        .connections()
        .byTenant(tenant, MOST_CONNECTIONS, Optional.empty())
        .map(page ->
            new Page(
                page.items().stream()
                    .map(row ->
                        new Shown(
                            row.id(),
                            row.user(),
                            row.endpoint(),
                            row.sourceAddress(),
                            row.userAgent(),
                            row.connectedAt(),
                            row.lastSeenAt()))
                    .toList(),
                page.next().isPresent()))
        .onSuccess(page -> send(context, json(Payloads.write(page))))
        .onFailure(_ ->
            fail(context, 503, "store_unavailable", "the table of connections does not answer"));
  }

  private static Assets.Asset json(RawJson body) {
    return new Assets.Asset("application/json", Buffer.buffer(body.utf8()));
  }

  private static void file(RoutingContext context, Optional<Assets.Asset> asset) {
    asset.ifPresentOrElse(
        it -> send(context, it), () -> fail(context, 404, "not_found", "there is no such file"));
  }

  private static void send(RoutingContext context, Assets.Asset asset) {
    context.response().putHeader("Content-Type", asset.type()).end(asset.body());
  }

  private static void refuse(RoutingContext context, String code, String message) {
    fail(context, 403, code, message);
  }

  private static void fail(RoutingContext context, int status, String code, String message) {
    HttpServerResponse response = context.response();
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Refusal.body(code, message));
  }
}
