package io.streamer.client;

import io.streamer.client.internal.EventQueue;
import java.util.concurrent.Flow;

/** A job's events for a subscriber. Nothing else here names what older Androids do not have. */
final class EventPublisher implements Flow.Publisher<JobEvent> {
  private final Job job;
  private final EventQueue<JobEvent> queue;

  EventPublisher(Job job, EventQueue<JobEvent> queue) {
    this.job = job;
    this.queue = queue;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super JobEvent> subscriber) {
    var reading = new Reading(subscriber);
    subscriber.onSubscribe(reading);
    if (!queue.read(reading)) {
      subscriber.onError(new IllegalStateException("the job's events have a reader already"));
    } else {
      reading.begin();
    }
  }

  private final class Reading implements Flow.Subscription, EventQueue.Reader<JobEvent> {
    private final Flow.Subscriber<? super JobEvent> subscriber;
    private long early;
    private boolean reading;
    private boolean cancelled;

    Reading(Flow.Subscriber<? super JobEvent> subscriber) {
      this.subscriber = subscriber;
    }

    /** What was asked for before it was the reader. */
    synchronized void begin() {
      reading = true;
      if (cancelled) {
        queue.leave(this);
      } else {
        queue.more(this, early);
      }
    }

    @Override
    public synchronized void request(long count) {
      if (cancelled) {
        return;
      }
      if (count <= 0) {
        cancel();
        subscriber.onError(new IllegalArgumentException("not a number of events: " + count));
      } else if (reading) {
        queue.more(this, count);
      } else {
        early = early + count < 0 ? Long.MAX_VALUE : early + count;
      }
    }

    @Override
    public synchronized void cancel() {
      cancelled = true;
      queue.leave(this);
    }

    @Override
    public void event(JobEvent event) {
      subscriber.onNext(event);
    }

    @Override
    public void lost(long count) {
      subscriber.onError(job.eventsLost(count));
    }

    @Override
    public void end() {
      subscriber.onComplete();
    }
  }
}
