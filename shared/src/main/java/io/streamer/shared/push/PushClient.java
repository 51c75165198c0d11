package io.streamer.shared.push;

import io.streamer.shared.job.Route;
import io.streamer.shared.log.About;
import io.streamer.shared.table.StoreUnavailableException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks the {@code @connections} API to whoever holds a connection: API Gateway, or one of our
 * nodes. Each call blocks and is tried once; who calls knows whether a frame is worth another try.
 */
public final class PushClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PushClient.class);

  /** Of calls to our own nodes. */
  public static final String SECRET_HEADER = "X-Streamer-Internal";

  /** Nodes that were not reached, none having been before: one alone may just have ended. */
  private static final int CUT_OFF_AFTER = 3;

  private final Endpoints endpoints;
  private final BlockingPushTransport transport;
  private final AtomicInteger unreached = new AtomicInteger();
  private volatile boolean reached;

  /**
   * The way out.
   *
   * @param transport is closed with it
   */
  public PushClient(Endpoints endpoints, BlockingPushTransport transport) {
    this.endpoints = endpoints;
    this.transport = transport;
  }

  /**
   * Sends one frame. A connection that is said to be gone is closed: should it live all the same,
   * as API Gateway's users have seen, its client would wait for frames that nobody sends any more.
   * One that is {@link Route#CLOSING} gets no frame: it is closed, and is gone then.
   */
  public Pushed post(String endpoint, String connection, byte[] frame) {
    if (endpoint.startsWith(Route.CLOSING)) {
      return switch (disconnect(endpoint, connection)) {
        case Pushed.Delivered _, Pushed.Gone _ -> new Pushed.Gone();
        case Pushed.Failed failed -> failed;
      };
    }
    return call(endpoint, PushCall.post(connection, frame));
  }

  private void close(Host host, String connection) {
    try {
      transport.send(host, PushCall.delete(connection));
    } catch (UnansweredException e) {
      About.connectionOf(null, connection)
          .in(LOG.atDebug())
          .log("connection {} is gone: {}", connection, e.toString());
    }
  }

  /** Asks whether the connection is there. */
  public Pushed probe(String endpoint, String connection) {
    return call(endpoint, PushCall.get(connection));
  }

  /** Closes the connection. */
  public Pushed disconnect(String endpoint, String connection) {
    return call(endpoint, PushCall.delete(connection));
  }

  @Override
  public void close() {
    transport.close();
  }

  private Pushed call(String alias, PushCall call) {
    var endpoint =
        alias.startsWith(Route.CLOSING) ? alias.substring(Route.CLOSING.length()) : alias;
    Optional<URI> address;
    try {
      address = endpoints.address(endpoint);
    } catch (StoreUnavailableException | CompletionException e) {
      // a lookup that waits for a future gets its failure wrapped
      return new Pushed.Failed(endpoint + " cannot be looked up: " + e.getMessage(), true);
    }
    if (address.isEmpty()) {
      return Outcomes.unknown(endpoint);
    }
    var host = new Host(address.get(), endpoint.startsWith(Endpoints.NODE));
    try {
      var answer = transport.send(host, call);
      reached = reached || host.node();
      if (answer.isGone() && call.kind() == PushCall.Kind.POST) {
        close(host, call.connection());
      }
      return Outcomes.of(endpoint, answer);
    } catch (UnansweredException e) {
      if (host.node()) {
        tellIfCutOff(host.address());
      }
      return endpoints.silent(endpoint) ? new Pushed.Gone() : Outcomes.unreachable(endpoint, e);
    }
  }

  /** Once in a process's life, and loudly: each push would only time out, and nobody would know. */
  private void tellIfCutOff(URI address) {
    if (!reached && unreached.incrementAndGet() == CUT_OFF_AFTER) {
      LOG.error(
          "no gateway task was reached since this process began, the last one tried is {}: direct"
              + " clients get no progress, and the ends of their jobs a minute late. Workers have to"
              + " be in the gateways' VPC, with a security group that may reach their internal port",
          address);
    }
  }
}
