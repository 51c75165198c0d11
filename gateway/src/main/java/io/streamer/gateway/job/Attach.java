package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.AckStatus;
import io.streamer.shared.protocol.ServerFrame.Acknowledgment;
import io.streamer.shared.protocol.ServerFrame.Attached;
import io.streamer.shared.protocol.ServerFrame.Welcome;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.JobCalls;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * The one way to start watching a job: one write sets the route, and what it returns is the
 * snapshot. Frames that come in between are held back until the answer is out; the connection drops
 * those whose number it has had.
 */
public final class Attach {
  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final JobResults results;
  private final Departures departures;

  /** A job whose row now routes to the connection. */
  private record Watched(Job job, Optional<ServerFrame> terminal) {}

  public Attach(VertxDynamo dynamo, JobCalls jobs, JobResults results, Departures departures) {
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.results = results;
    this.departures = departures;
  }

  /** Answers {@code hello}: each named job of the caller's own comes here from now on. */
  public Future<Void> hello(Session session, ClientFrame.Hello hello) {
    var ids = List.copyOf(hello.lastSeq().keySet());
    ids.forEach(session::hold);
    return Future.join(ids.stream().map(id -> watch(session, id)).toList())
        .map(all -> all.<Optional<Watched>>list())
        .compose(
            found -> {
              var watched = found.stream().flatMap(Optional::stream).toList();
              var terms = session.terms();
              session.send(
                  new Welcome(
                      hello.id(),
                      session.id(),
                      watched.size() == ids.size(),
                      watched.stream().map(w -> new Attached(w.job().snapshot())).toList(),
                      terms.heartbeatMs(),
                      terms.maxAgeMs(),
                      terms.maxMessageBytes(),
                      terms.server()));
              ids.forEach(session::release);
              watched.forEach(w -> w.terminal().ifPresent(session::send));
              return Future.<Void>succeededFuture();
            },
            e -> {
              ids.forEach(session::release);
              return Submit.unavailable(session, hello.id(), e);
            });
  }

  /** The session's request was stored as this job. */
  void owns(Session session, Job stored) {
    departures.owns(session, stored);
  }

  /** Answers a request whose job was there before. */
  Future<Void> repeated(Session session, Job existing, String requestId) {
    return watch(session, existing.id().value())
        .onSuccess(watched -> {
          var job = watched.map(Watched::job).orElse(existing);
          session.send(
              new Acknowledgment(
                  requestId,
                  job.id().value(),
                  AckStatus.DUPLICATE,
                  "this request is known",
                  job.snapshot()));
          // held like the job's other frames, so it cannot overtake the acknowledgment
          watched.flatMap(Watched::terminal).ifPresent(session::send);
        })
        .mapEmpty();
  }

  private Future<Optional<Watched>> watch(Session session, String jobId) {
    var caller = session.caller();
    return dynamo
        .execute(
            jobs.attach(
                new JobId(jobId), Job.owner(caller.tenant(), caller.user()), session.route()))
        .compose(attachment ->
            switch (attachment) {
              case Attachment.Unknown _ -> Future.succeededFuture(Optional.empty());
              case Attachment.Attached(var job) -> {
                departures.owns(session, job);
                yield terminal(job).map(t -> Optional.of(new Watched(job, t)));
              }
            });
  }

  private Future<Optional<ServerFrame>> terminal(Job job) {
    if (!job.status().terminal()) {
      return Future.succeededFuture(Optional.empty());
    }
    return results.of(job).map(job::terminalFrame);
  }
}
