/** A job that was under way when the page was left. */
export interface KeptJob {
  jobId: string;
  requestId: string;
  action: string;
  /** It is cancelled while nobody owns it. */
  fragile?: boolean;
}

/** The jobs under way, in the tab's own storage, if there is any: so that a reload finds them. */
export class Keep {
  readonly #key: string;

  constructor(url: string) {
    this.#key = `streamer:${url}`;
  }

  read(): KeptJob[] {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key) ?? '[]');
    } catch {
      return [];
    }
  }

  write(jobs: KeptJob[]): void {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(jobs));
    } catch {
      // no storage here, or it is full: the page works without
    }
  }
}
