import { el, find } from './dom.js';
import { span } from './time.js';

const MOST_ACTIONS = 50;
const PAUSE_MS = 1000;
const PARTS = ['waited', 'ran', 'whole'];

/**
 * How long the jobs of each action took that have ended, the busiest action first. A job that was
 * started before this stage has no start, and counts for the whole alone.
 */
export function timings(rows) {
  const all = new Map();
  for (const { action, created_at: created, started_at: started, ended_at: ended } of rows) {
    if (!ended) {
      continue;
    }
    if (!all.has(action)) {
      all.set(action, { action, jobs: 0, waited: [], ran: [], whole: [] });
    }
    const one = all.get(action);
    one.jobs++;
    one.whole.push(ended - created);
    if (started) {
      one.waited.push(started - created);
      one.ran.push(ended - started);
    }
  }
  return [...all.values()]
    .sort((one, other) => other.jobs - one.jobs || (one.action < other.action ? -1 : 1))
    .map(({ action, jobs, ...times }) => ({
      action,
      jobs,
      ...Object.fromEntries(PARTS.map((part) => [part, shares(times[part])])),
    }));
}

/** The times that half and 99 of 100 do not exceed; each is one that was seen. */
function shares(times) {
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.max(0, Math.ceil(times.length * share) - 1)];
  return { p50: at(0.5), p99: at(0.99) };
}

/** The table of them, over the rows that the list shows; made anew once a second at most while it is open. */
export class Timings {
  #box = find('#timings');
  #rows = [];
  #waiting = false;

  constructor() {
    this.#box.addEventListener('toggle', () => this.#draw());
  }

  changed(rows) {
    this.#rows = rows;
    if (this.#box.open && !this.#waiting) {
      this.#waiting = true;
      setTimeout(() => {
        this.#waiting = false;
        this.#draw();
      }, PAUSE_MS);
    }
  }

  #draw() {
    if (!this.#box.open) {
      return;
    }
    const all = timings(this.#rows);
    const shown = all.slice(0, MOST_ACTIONS);
    find('tbody', this.#box).replaceChildren(...shown.map(row));
    find('.scroll', this.#box).hidden = shown.length === 0;
    const left = all.length - shown.length;
    find('.note', this.#box).textContent = shown.length === 0
      ? 'None of these jobs has ended.'
      : `Of the jobs below that have ended: half took no longer than p50, 99 of 100 no longer than p99.${left ? ` ${left} actions with fewer jobs are left out.` : ''}`;
  }
}

function row({ action, jobs, ...times }) {
  const cell = (ms) => el('td', {}, ms === undefined ? '–' : span(ms));
  return el(
    'tr',
    {},
    el('th', { scope: 'row', title: action }, action),
    el('td', {}, String(jobs)),
    ...PARTS.flatMap((part) => [cell(times[part].p50), cell(times[part].p99)]),
  );
}
