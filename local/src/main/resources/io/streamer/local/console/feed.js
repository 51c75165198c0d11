import { parse } from './json.js';

const PATH = '/console/feed';
const MOST = 10_000;

/** Asks the feed; its numbers keep their digits. */
export async function ask(path, options) {
  const answer = await fetch(PATH + path, options);
  const text = await answer.text();
  let body = {};
  try {
    body = parse(text);
  } catch {
    // said below
  }
  if (!answer.ok) {
    throw Object.assign(new Error(body.error?.message ?? `the stage answered ${answer.status}`), { status: answer.status });
  }
  return body;
}

/** Every job of the stage, kept up to date. */
export class Feed {
  /** By their ids. */
  rows = new Map();
  live = false;
  #sorted = null;
  #told;
  #stage;
  #age = 0;

  /**
   * @param onChange is told the ids of rows that are new or newer, or null if any may be
   * @param onStage is told what is to be said of the stage as a whole
   */
  constructor(onChange, onStage) {
    this.#told = onChange;
    this.#stage = onStage;
  }

  start() {
    const live = new EventSource(`${PATH}/live`);
    live.addEventListener('open', () => {
      this.live = true;
      this.#load();
    });
    live.addEventListener('error', () => {
      this.live = false;
      this.#told(null);
      // it comes back by itself, but not where it was refused
      if (live.readyState === EventSource.CLOSED) {
        setTimeout(() => this.start(), 3000);
      }
    });
    live.addEventListener('jobs', ({ data }) => {
      const { jobs } = parse(data);
      this.#take(jobs);
      this.#told(new Set(jobs.map(({ job_id: id }) => id)));
    });
    live.addEventListener('stage', ({ data }) => this.#stage(parse(data)));
  }

  /** The newest first. */
  get sorted() {
    this.#sorted ??= [...this.rows.values()].sort((one, other) => other.created_at - one.created_at);
    return this.#sorted;
  }

  /** What is known of one job. */
  find(id) {
    return ask(`/jobs/${encodeURIComponent(id)}`);
  }

  /** Asks for something to be done to a job: `cancel`, `redrive` or `kill`. */
  doTo(id, what) {
    return ask(`/jobs/${encodeURIComponent(id)}/${what}`, { method: 'POST' });
  }

  turnFaults(on) {
    return ask(`/faults/${on ? 'on' : 'off'}`, { method: 'POST' });
  }

  /** A stage that was started again has other jobs, and counts from the beginning. */
  async #load() {
    const age = ++this.#age;
    this.rows.clear();
    this.#sorted = null;
    try {
      const { jobs, loading } = await ask(`/jobs?limit=${MOST}`);
      if (age !== this.#age) {
        return;
      }
      this.#take(jobs);
      if (loading) {
        setTimeout(() => age === this.#age && this.#load(), 500);
      }
    } catch {
      setTimeout(() => age === this.#age && this.#load(), 2000);
    }
    this.#told(null);
  }

  #take(rows) {
    for (const row of rows) {
      const known = this.rows.get(row.job_id);
      if (!known || known.version <= row.version) {
        this.rows.set(row.job_id, row);
      }
    }
    this.#sorted = null;
    if (this.rows.size > MOST + 500) {
      this.sorted.slice(MOST).forEach(({ job_id: id }) => this.rows.delete(id));
      this.#sorted = null;
    }
  }
}
