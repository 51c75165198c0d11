package io.streamer.soak;

import io.streamer.emulator.fault.Role;
import io.streamer.emulator.fault.StoreCall;
import java.util.Optional;
import java.util.function.Predicate;

/** A write of a job's life, and a job that comes by it. */
enum Point {
  CLAIM(Kind.EVENTS, Role.WORKER, write -> status(write, "RUNNING") && write.sets("seq").isEmpty()),
  PROGRESS(
      Kind.CANCELLED,
      Role.WORKER,
      write -> status(write, "RUNNING") && write.sets("percentage").isPresent()),
  EVENTS_BESIDE_THE_ROW(Kind.EVENTS, Role.WORKER, write -> part(write, "event#")),
  EVENTS_IN_THE_ROW(Kind.EVENTS, Role.WORKER, write -> write.sets("eventSeq").isPresent()),
  CHECKPOINT_BESIDE_THE_ROW(Kind.EVENTS, Role.WORKER, write -> part(write, "checkpoint#")),
  CHECKPOINT_IN_THE_ROW(Kind.EVENTS, Role.WORKER, write -> write.sets("checkpoint").isPresent()),
  STEP(Kind.STEPS, Role.WORKER, write -> part(write, "step#")),
  RENEWAL(
      Kind.SILENT,
      Role.WORKER,
      write ->
          status(write, "RUNNING")
              && write.sets("seq").isPresent()
              && write.sets("percentage").isEmpty()),
  RETRY(Kind.FLAKY, Role.WORKER, write -> status(write, "RETRYING")),
  RESULT_BESIDE_THE_ROW(Kind.BULKY, Role.WORKER, write -> part(write, "result#")),
  SUCCESS(Kind.QUICK, Role.WORKER, write -> status(write, "SUCCEEDED")),
  FAILURE(Kind.REFUSED, Role.WORKER, write -> status(write, "FAILED")),
  STOP(Kind.CANCELLED, Role.WORKER, write -> status(write, "CANCELLED")),
  TIME_OUT(Kind.LATE, Role.WORKER, write -> status(write, "TIMED_OUT")),
  DELIVERED(Kind.QUICK, Role.WORKER, Point::delivered),

  PAYLOAD_BESIDE_THE_ROW(Kind.BULKY, Role.GATEWAY, write -> part(write, "payload")),
  SUBMIT(Kind.QUICK, Role.GATEWAY, write -> write.operation().equals("PutItem")),
  DEFERRED_SUBMIT(Kind.DELAYED, Role.GATEWAY, write -> status(write, "WAITING")),
  START_OF_WHAT_WAITED(Kind.DELAYED, Role.GATEWAY, write -> status(write, "QUEUED")),
  CANCEL_OF_WHAT_RUNS(Kind.CANCELLED, Role.GATEWAY, write -> write.sets("cancel").isPresent()),
  CANCEL_OF_WHAT_WAITS(Kind.RECALLED, Role.GATEWAY, write -> status(write, "CANCELLED")),
  EXPIRY(Kind.EXPIRED, Role.GATEWAY, write -> status(write, "TIMED_OUT")),
  OVERRUN(Kind.OVERRUN, Role.GATEWAY, write -> status(write, "RUNNING")),
  OVERRUN_SUCCESS(Kind.OVERRUN, Role.GATEWAY, write -> status(write, "SUCCEEDED")),
  DELIVERED_BY_THE_GATEWAY(Kind.EXPIRED, Role.GATEWAY, Point::delivered),
  ATTACH(
      Kind.SILENT,
      Role.GATEWAY,
      write -> write.operation().equals("UpdateItem") && write.sets("route").isPresent());

  private final Kind kind;
  private final Role role;

  @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
  private final Predicate<StoreCall> write;

  Point(Kind kind, Role role, Predicate<StoreCall> write) {
    this.kind = kind;
    this.role = role;
    this.write = write;
  }

  Kind kind() {
    return kind;
  }

  /** Whether its job would not get there if a gateway were killed for another. */
  boolean alone() {
    // kills of a gateway take what others wait for with them, and whoever comes back for an end
    // hears it from somebody else
    return role == Role.GATEWAY
        // and a worker leaves an end to the gateways if one of them is away just then
        || this == DELIVERED
        // its time is up before a worker has it, where all jobs begin at once on a slow machine
        || this == TIME_OUT;
  }

  /** Whether this is the write, for the job. */
  boolean meets(StoreCall call, String jobId) {
    return call.sender().role() == role
        && job(call).filter(jobId::equals).isPresent()
        && write.test(call);
  }

  private static Optional<String> job(StoreCall call) {
    var item = call.body().getJsonObject("Key", call.body().getJsonObject("Item"));
    if (item == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(item.getJsonObject("jobId"))
        .map(id -> id.getString("S"))
        .or(() ->
            Optional.ofNullable(item.getJsonObject("job"))
                .map(key -> key.getString("S").replaceFirst("#.*", "")));
  }

  private static boolean status(StoreCall write, String status) {
    return write.to("jobs") && write.sets("status", status);
  }

  private static boolean part(StoreCall write, String prefix) {
    return write.to("job_data")
        && write.sets("part").filter(part -> part.startsWith(prefix)).isPresent();
  }

  private static boolean delivered(StoreCall write) {
    return write.to("jobs")
        && write.sets("status").isEmpty()
        && write.body().getString("UpdateExpression", "").contains("REMOVE")
        && write.body().getJsonObject("ExpressionAttributeNames").toString().contains("\"dueAt\"")
        && write.sets("dueAt").isEmpty();
  }
}
