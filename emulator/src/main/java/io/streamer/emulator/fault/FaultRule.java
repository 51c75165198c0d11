package io.streamer.emulator.fault;

import java.util.Optional;

/** One thing that goes wrong: where, when and what. Immutable. */
public sealed interface FaultRule {
  /** Which occasions it takes. */
  When when();

  /** What then happens. */
  Fault then();

  /** The word for the place in a plan's file and in counts. */
  String at();

  /**
   * Which requests to DynamoDB.
   *
   * @param operation such as {@code UpdateItem}
   * @param table without the deployment's prefix, such as {@code job_data}
   * @param from who sends it
   */
  record Requests(Optional<String> operation, Optional<String> table, Optional<Role> from) {
    /** All of them. */
    public static final Requests ANY =
        new Requests(Optional.empty(), Optional.empty(), Optional.empty());

    /** Those with this operation. */
    public Requests operation(String name) {
      return new Requests(Optional.of(name), table, from);
    }

    /** Those to this table. */
    public Requests table(String name) {
      return new Requests(operation, Optional.of(name), from);
    }

    /** Those of these processes. */
    public Requests from(Role role) {
      return new Requests(operation, table, Optional.of(role));
    }

    boolean include(StoreCall call) {
      return operation.map(call.operation()::equals).orElse(true)
          && table.map(call.tables()::contains).orElse(true)
          && from.map(call.sender().role()::equals).orElse(true);
    }
  }

  /** DynamoDB misbehaves. */
  record Store(Requests requests, When when, Fault.OfStore then) implements FaultRule {
    @Override
    public String at() {
      return "dynamodb";
    }
  }

  /** The stream misbehaves. */
  record Stream(When when, Fault.OfStream then) implements FaultRule {
    @Override
    public String at() {
      return "stream";
    }
  }

  /**
   * Lambda misbehaves.
   *
   * @param function its name; none for all
   */
  record Invoke(Optional<String> function, When when, Fault.OfInvoke then) implements FaultRule {
    @Override
    public String at() {
      return "invoke";
    }
  }

  /**
   * The {@code @connections} API misbehaves.
   *
   * @param door whose; none for both
   * @param from who sends it; none for all
   */
  record Push(Optional<Door> door, Optional<Role> from, When when, Fault.OfPush then)
      implements FaultRule {
    @Override
    public String at() {
      return "push";
    }
  }

  /**
   * A client's socket is cut when something is sent to the client, which then never arrives.
   *
   * @param door which sockets; none for both
   */
  record Socket(Optional<Door> door, When when, Fault.Cut then) implements FaultRule {
    @Override
    public String at() {
      return "socket";
    }
  }

  /** API Gateway's {@code $disconnect} misbehaves. */
  record Disconnect(When when, Fault.OfDisconnect then) implements FaultRule {
    @Override
    public String at() {
      return "disconnect";
    }
  }

  /** A worker dies at one of its writes. */
  record Worker(Requests requests, When when, Fault.Kill then) implements FaultRule {
    @Override
    public String at() {
      return "worker";
    }
  }

  /** A gateway dies at one of its writes. */
  record Gateway(Requests requests, When when, Fault.Kill then) implements FaultRule {
    @Override
    public String at() {
      return "gateway";
    }
  }

  /** Does this to every request to DynamoDB. */
  static Store store(Fault.OfStore then) {
    return new Store(Requests.ANY, When.ALWAYS, then);
  }

  /** Does this to these requests to DynamoDB. */
  static Store store(Requests requests, When when, Fault.OfStore then) {
    return new Store(requests, when, then);
  }

  /** Does this to records of the stream. */
  static Stream stream(When when, Fault.OfStream then) {
    return new Stream(when, then);
  }

  /** Does this to calls of any function. */
  static Invoke invoke(When when, Fault.OfInvoke then) {
    return new Invoke(Optional.empty(), when, then);
  }

  /** Does this to calls of one function. */
  static Invoke invoke(String function, When when, Fault.OfInvoke then) {
    return new Invoke(Optional.of(function), when, then);
  }

  /** Does this to frames on their way to either door. */
  static Push push(When when, Fault.OfPush then) {
    return new Push(Optional.empty(), Optional.empty(), when, then);
  }

  /** Does this to frames on their way to this door. */
  static Push push(Door door, When when, Fault.OfPush then) {
    return new Push(Optional.of(door), Optional.empty(), when, then);
  }

  /** Cuts sockets of this door. */
  static Socket cut(Door door, When when) {
    return new Socket(Optional.of(door), when, new Fault.Cut());
  }

  /** Does this to {@code $disconnect}. */
  static Disconnect disconnect(When when, Fault.OfDisconnect then) {
    return new Disconnect(when, then);
  }

  /** Kills the worker that sends such a write. */
  static Worker killWorker(Requests requests, When when, WriteMoment moment) {
    return new Worker(requests, when, new Fault.Kill(moment));
  }

  /** Kills the gateway that sends such a write. */
  static Gateway killGateway(Requests requests, When when, WriteMoment moment) {
    return new Gateway(requests, when, new Fault.Kill(moment));
  }
}
