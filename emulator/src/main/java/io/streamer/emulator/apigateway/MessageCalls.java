package io.streamer.emulator.apigateway;

import io.streamer.emulator.integration.Ids;
import io.streamer.emulator.integration.IntegrationCalls;
import io.streamer.emulator.integration.IntegrationOutcome;
import io.streamer.emulator.integration.Invocation;
import io.streamer.emulator.integration.Timers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands one connection's messages to the backend and its answers to the client. */
final class MessageCalls {
  private static final Logger LOG = LoggerFactory.getLogger(MessageCalls.class);

  /** Under way at once; beyond either, the socket is not read. */
  private static final int MAX_MESSAGES = 1_000;

  private static final int MAX_BYTES = 8 * 1024 * 1024;

  private final Connection connection;
  private final IntegrationCalls integrations;
  private final Timers timers;
  private final TokenBucket requests;
  private int underWay;
  private int underWayBytes;

  MessageCalls(
      Connection connection, IntegrationCalls integrations, Timers timers, TokenBucket requests) {
    this.connection = connection;
    this.integrations = integrations;
    this.timers = timers;
    this.requests = requests;
  }

  void take(Buffer message) {
    underWay++;
    underWayBytes += message.length();
    if (isFull()) {
      connection.pause();
    }
    deliver(message).onComplete(_ -> ended(message));
  }

  private void ended(Buffer message) {
    boolean wasFull = isFull();
    underWay--;
    underWayBytes -= message.length();
    if (wasFull && !isFull()) {
      connection.resume();
    }
  }

  private boolean isFull() {
    return underWay >= MAX_MESSAGES || underWayBytes >= MAX_BYTES;
  }

  private Future<Void> deliver(Buffer message) {
    var invocation =
        new Invocation(
            connection.peer(),
            Ids.next(),
            timers.millis(),
            new Invocation.Cause.Message(Ids.next(), message));
    if (!requests.take()) {
      send(invocation.problem("Too Many Requests"));
      return Future.succeededFuture();
    }
    return integrations
        .call(invocation)
        .onSuccess(outcome -> {
          switch (outcome) {
            case IntegrationOutcome.Answered(var status, _, _) when status >= 500 ->
                send(invocation.problem("Internal server error"));
            // an empty one, too: clients of AWS's own have got empty messages
            case IntegrationOutcome.Answered(_, _, var body) -> send(body);
            case IntegrationOutcome.Failed _ -> send(invocation.problem("Internal server error"));
            case IntegrationOutcome.TimedOut _ ->
                send(invocation.problem("Endpoint request timed out"));
          }
        })
        .mapEmpty();
  }

  private void send(String text) {
    send(Buffer.buffer(text));
  }

  private void send(Buffer text) {
    var written = connection.send(text);
    if (written != Connection.Written.ACCEPTED) {
      LOG.debug("an answer to {} is lost: {}", connection.peer().connectionId(), written);
    }
  }
}
