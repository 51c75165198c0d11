package io.streamer.local.stage;

import io.streamer.emulator.apigateway.Traffic;
import io.streamer.gateway.socket.Tap;
import io.streamer.local.feed.Feed;
import io.streamer.local.feed.FeedStore;
import io.streamer.local.feed.Message;
import io.streamer.local.feed.RowReader;
import io.streamer.local.feed.SocketMessages;
import io.streamer.local.feed.SocketTap;
import io.streamer.shared.blob.BlobSettings;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.store.StoreSettings;
import io.streamer.worker.run.RunUpdate;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a feed see what goes on in a stage. */
record StageFeed(Feed feed, SocketMessages messages, InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(StageFeed.class);

  static StageFeed of(Map<String, String> settings) {
    var clock = InstantSource.system();
    var retention = StoreSettings.read(new Environment(settings)).limits().retention();
    var feed = new Feed(clock, retention);
    return new StageFeed(feed, new SocketMessages(feed), clock);
  }

  /** The sockets of a gateway, while somebody watches. */
  Tap tap() {
    return tap(feed::isWatched);
  }

  /** The sockets of a gateway, while this holds. */
  Tap tap(BooleanSupplier open) {
    return new SocketTap(messages, clock, open);
  }

  /** The sockets of API Gateway. */
  Traffic apiGateway() {
    return new Traffic() {
      @Override
      public void received(String connection, Buffer text) {
        passed(connection, true, text);
      }

      @Override
      public void sent(String connection, Buffer text) {
        passed(connection, false, text);
      }

      private void passed(String connection, boolean fromClient, Buffer text) {
        messages.passed(new Message(clock.millis(), "api_gateway", connection, fromClient, text));
      }
    };
  }

  /** What handlers throw. */
  void failed(RunUpdate.AttemptFailed failure) {
    feed.failed(failure.job().value(), failure.attempt(), failure.what(), failure.thrown());
  }

  /**
   * What the store takes from now on, and, read beside the rest of the start, what it has of an
   * earlier stage.
   */
  FeedStore follow(Cloud cloud, Environment environment) {
    var settings = StoreSettings.read(environment);
    var rows = new RowReader(feed, settings.tables().jobs());
    cloud.proxy().onWritten(rows::written);
    var blobs =
        new Blobs(
            BlobSettings.read(environment), AwsSettings.read(environment), InstantSource.system());
    var store = new FeedStore(cloud.store(), cloud.proxy().uri(), settings, blobs, clock);
    Thread.ofVirtual()
        .name("feed-history")
        .start(() -> {
          try {
            feed.loaded(store.all());
          } catch (RuntimeException e) {
            LOG.warn("the console does not show jobs of an earlier stage", e);
          }
        });
    return store;
  }
}
