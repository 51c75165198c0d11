package io.streamer.worker;

import io.streamer.shared.action.Catalogue;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.job.JobId;
import io.streamer.shared.log.About;
import io.streamer.shared.push.BlockingPushTransport;
import io.streamer.shared.push.Endpoints;
import io.streamer.shared.push.InternalSecrets;
import io.streamer.shared.push.NodeEndpoints;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.trace.Traces;
import io.streamer.worker.aws.BlockingClients;
import io.streamer.worker.aws.BlockingDynamo;
import io.streamer.worker.aws.BlockingTransport;
import io.streamer.worker.run.JobRunner;
import io.streamer.worker.run.Origin;
import io.streamer.worker.run.RunSignals;
import io.streamer.worker.run.RunUpdate;
import io.streamer.worker.run.Store;
import io.streamer.worker.time.Time;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that runs jobs, put together. May run several at a time, each on its caller's thread. */
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Supplier<Catalogue> catalogue;
  private final BlockingTransport transport;
  private final PushClient push;
  private final Blobs blobs;
  private final Supplier<JobRunner> runners;
  private final Traces traces;
  private final Runnable onAbandoned;

  /**
   * What a worker's surroundings want to know and decide.
   *
   * @param onAbandoned called behind a job whose handler ignored its interrupt and still runs: its
   *     outcome is stored, and the process should end
   * @param updates takes what happens to each job, on the thread that runs it
   * @param random spreads the waits between a job's attempts
   * @param endpoints where pushes go, in place of where they would
   * @param signals takes a line of metrics for each run, if there is a namespace for them
   */
  public record Hooks(
      Runnable onAbandoned,
      Consumer<RunUpdate> updates,
      Time time,
      RandomGenerator random,
      UnaryOperator<Endpoints> endpoints,
      Consumer<String> signals) {
    /** A thread is lost to each abandoned handler, and nobody listens. */
    public static final Hooks NONE =
        new Hooks(
            () -> log.warn("a thread is lost to an abandoned handler until it ends by itself"),
            _ -> {},
            Time.SYSTEM,
            // a snapshot restored many times would repeat what any other generator has to say
            new SecureRandom(),
            UnaryOperator.identity(),
            System.out::println);

    public Hooks onAbandoned(Runnable instead) {
      return new Hooks(instead, updates, time, random, endpoints, signals);
    }

    public Hooks updates(Consumer<RunUpdate> instead) {
      return new Hooks(onAbandoned, instead, time, random, endpoints, signals);
    }

    public Hooks time(Time instead) {
      return new Hooks(onAbandoned, updates, instead, random, endpoints, signals);
    }

    public Hooks endpoints(UnaryOperator<Endpoints> instead) {
      return new Hooks(onAbandoned, updates, time, random, instead, signals);
    }

    public Hooks signals(Consumer<String> instead) {
      return new Hooks(onAbandoned, updates, time, random, endpoints, instead);
    }
  }

  /** Runs the catalogue's handlers. */
  public Worker(Environment environment, Catalogue catalogue, Hooks hooks) {
    this(environment, () -> catalogue, hooks);
  }

  /** Runs each job with the handlers of the newest catalogue. */
  public Worker(Environment environment, Supplier<Catalogue> catalogue, Hooks hooks) {
    var time = hooks.time();
    var settings = WorkerSettings.of(environment);
    this.catalogue = catalogue;
    this.onAbandoned = hooks.onAbandoned();
    this.transport = BlockingClients.store(settings.store().transport(), settings.aws());
    var dynamo = new BlockingDynamo(transport);
    var tables = settings.store().tables();
    var limits = settings.store().limits();
    var nodes = new NodeCalls(tables, time);
    var endpoints =
        Endpoints.of(settings.push().apis())
            .or(new NodeEndpoints(id -> dynamo.execute(nodes.find(id)), time));
    this.push =
        new PushClient(
            hooks.endpoints().apply(endpoints),
            BlockingPushTransport.of(
                settings.push().transport(),
                InternalSecrets.of(settings.push(), settings.aws())::first,
                settings.aws().region(),
                settings.aws().credentials()));
    this.blobs = new Blobs(settings.blobs(), settings.aws(), time);
    var store = Store.of(dynamo, tables, limits, time);
    this.traces = Traces.of(settings.traces(), "streamer-worker");
    var listeners =
        new JobRunner.Listeners(
            hooks.updates(), new RunSignals(settings.metricsNamespace(), hooks.signals()), traces);
    // a clock that is set meanwhile ends no lease and no deadline
    this.runners =
        () ->
            new JobRunner(catalogue, store, push, blobs, time.steady(), hooks.random(), listeners);
  }

  /**
   * Claims the job and runs it until it has ended, waits for another attempt or goes on in another
   * invocation; returns quietly if it is not to be run.
   *
   * @param epoch the one the job was queued with
   * @param origin who asked
   * @param remaining how long the call may take
   * @throws io.streamer.shared.table.StoreUnavailableException if the store was out of reach for
   *     the claim
   * @throws InterruptedException if the caller's thread was interrupted: the handler was, too, and
   *     the job is left to others
   */
  public void run(JobId id, long epoch, Origin origin, Duration remaining)
      throws InterruptedException {
    try {
      switch (runners.get().run(id, epoch, origin, remaining)) {
        case TAKEN, ORDERLY -> {}
        case ABANDONED -> {
          About.jobOf(id.value())
              .in(log.atError())
              .log("job {}: the handler ignores its interrupt and was abandoned", id);
          traces.flush();
          onAbandoned.run();
        }
      }
    } finally {
      // between two invocations a function stands still
      traces.flush();
    }
  }

  /** The same, where nobody says who asked. */
  public void run(JobId id, long epoch, Duration remaining) throws InterruptedException {
    run(id, epoch, Origin.UNKNOWN, remaining);
  }

  /**
   * Has what other libraries of this process trace by OpenTelemetry's API go where its own spans
   * go, if they go somewhere.
   */
  public void shareTraces() {
    traces.shareWithProcess();
  }

  /** Closes the handlers and the clients. */
  @Override
  public void close() {
    catalogue.get().close();
    push.close();
    blobs.close();
    transport.close();
    traces.close();
  }
}
