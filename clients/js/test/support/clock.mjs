// Time that moves when a test says so: setTimeout, Date.now and Math.random of this process.
const real = { setTimeout, clearTimeout, now: Date.now, random: Math.random };

export class Clock {
  #now = 1_700_000_000_000;
  #next = 1;
  #timers = new Map();

  static install() {
    const clock = new Clock();
    globalThis.setTimeout = (run, ms = 0) => {
      const id = clock.#next++;
      clock.#timers.set(id, { at: clock.#now + Math.max(0, ms), run });
      return id;
    };
    globalThis.clearTimeout = (id) => clock.#timers.delete(id);
    Date.now = () => clock.#now;
    // the longest of what may be drawn, so that a wait's bound is what is waited
    Math.random = () => 1;
    return clock;
  }

  static restore() {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Date.now = real.now;
    Math.random = real.random;
  }

  get now() {
    return this.#now;
  }

  get timers() {
    return this.#timers.size;
  }

  /** Lets promises run until nothing is left to do, then time pass, timer by timer. */
  async pass(ms = 0) {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
      if (!due) {
        break;
      }
      this.#now = Math.max(this.#now, due[1].at);
      this.#timers.delete(due[0]);
      due[1].run();
    }
    this.#now = end;
  }
}

export async function settle() {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
