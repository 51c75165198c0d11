package io.streamer.local.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The page that a folder of handlers brings along, in its folder {@code page}. It is read at each
 * request, so that what is saved counts with the next load.
 */
public final class ProjectPage {
  /** Where it is served. */
  public static final String PATH = "/page/";

  private static final String FOLDER = "page";
  private static final int PERMANENT = 308;

  private ProjectPage() {}

  /** Whether such a folder has a page at the moment. */
  public static boolean isIn(Path handlers) {
    return Files.isRegularFile(handlers.resolve(FOLDER).resolve("index.html"));
  }

  /** Adds it to the routes; its folder may come later. */
  static void mount(Router http, Path handlers) {
    var folder = handlers.resolve(FOLDER).toAbsolutePath().normalize();
    http.get("/page").handler(ProjectPage::withItsSlash);
    http.get(PATH + "*")
        .handler(
            StaticHandler.create(FileSystemAccess.ROOT, folder.toString())
                .setCachingEnabled(false)
                .setFilesReadOnly(false)
                .setIncludeHidden(false));
  }

  /** Relative names in the page are its folder's. */
  private static void withItsSlash(RoutingContext context) {
    if (context.request().path().equals(PATH)) {
      context.next();
    } else {
      context.response().setStatusCode(PERMANENT).putHeader("Location", PATH).end();
    }
  }
}
