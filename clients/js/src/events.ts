import { failure, type Problem, type StreamerError } from './error.js';

/** A piece of a job's output. */
export interface JobEvent {
  name: string;
  data: unknown;
  seq: number;
}

/** Events that wait for their reader: so many at most, the oldest go first. */
export class EventQueue {
  readonly #most: number;
  readonly #error: (problem: Problem) => StreamerError;
  #events: JobEvent[] = [];
  #dropped = 0;
  #over = false;
  #wake: (() => void) | undefined;

  constructor(most: number, error: (problem: Problem) => StreamerError) {
    this.#most = most;
    this.#error = error;
  }

  push(event: JobEvent): void {
    if (this.#events.push(event) > this.#most) {
      this.#events.shift();
      this.#dropped++;
    }
    this.#wake?.();
  }

  /** Forgets what a run that starts again will give once more. */
  rewind(afterSeq: number): void {
    this.#events = this.#events.filter((event) => event.seq <= afterSeq);
  }

  end(): void {
    this.#over = true;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<JobEvent, void, undefined> {
    for (;;) {
      const dropped = this.#dropped;
      if (dropped > 0) {
        this.#dropped = 0;
        throw this.#error(
          failure('EVENTS_LOST', `${dropped} events were not read in time`, { details: { count: dropped } }),
        );
      }
      const event = this.#events.shift();
      if (event) {
        yield event;
      } else if (this.#over) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }
}
