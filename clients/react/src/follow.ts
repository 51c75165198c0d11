import type { FollowOptions, Job, JobEvent, JobState, Progress, StreamerError } from '@streamer/client';

/** What a component shows of a request or a job. */
export interface Followed<R> {
  /** `idle` until there is one; ended only when its result or its error is here. */
  readonly state: 'idle' | JobState;
  readonly progress: Progress | undefined;
  /** The newest 1,000, without those that are void. */
  readonly events: readonly JobEvent[];
  readonly result: R | undefined;
  readonly error: StreamerError | undefined;
  readonly jobId: string | undefined;
}

const MOST_EVENTS = 1_000;

export const NOTHING: Followed<never> = Object.freeze({
  state: 'idle',
  progress: undefined,
  events: Object.freeze([]) as readonly JobEvent[],
  result: undefined,
  error: undefined,
  jobId: undefined,
});

/** Holds what is shown of the newest handle; components read it as they please, or have gone. */
export class Follow<R> {
  shown: Followed<R> = NOTHING;
  job: Job<R> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly look = (): Followed<R> => this.shown;

  /** Follows what is begun, instead of what was followed before. */
  begin(start: (options: FollowOptions) => Job<R>, given: FollowOptions = {}): Job<R> {
    let own: Job<R> | undefined;
    const mine = () => own !== undefined && own === this.job;
    const job = start({
      ...given,
      onProgress: (progress) => {
        given.onProgress?.(progress);
        if (mine()) {
          this.#show({ progress });
        }
      },
      onEvent: (event) => {
        given.onEvent?.(event);
        if (mine()) {
          this.#show({ events: [...this.shown.events.slice(1 - MOST_EVENTS), event] });
        }
      },
      onVoid: (afterSeq) => {
        given.onVoid?.(afterSeq);
        if (mine()) {
          this.#show({ events: this.shown.events.filter(({ seq }) => seq <= afterSeq) });
        }
      },
      onChange: () => {
        given.onChange?.();
        if (mine() && !job.done) {
          this.#show({ state: job.state, jobId: job.jobId });
        }
      },
    });
    own = this.job = job;
    this.shown = { ...NOTHING, state: job.done ? 'sent' : job.state, jobId: job.jobId };
    this.#tell();
    job.then(
      (result) => mine() && this.#show({ state: 'succeeded', result }),
      (error) => mine() && this.#show({ state: error.code === 'CANCELLED' ? 'cancelled' : 'failed', error }),
    );
    return job;
  }

  /** Follows nothing any more. */
  end(): void {
    this.job = undefined;
    this.shown = NOTHING;
    this.#tell();
  }

  #show(change: Partial<Followed<R>>): void {
    this.shown = { ...this.shown, ...change };
    this.#tell();
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}
