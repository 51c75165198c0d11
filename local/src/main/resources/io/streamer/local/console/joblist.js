import { el, find } from './dom.js';
import { JobFilter } from './jobfilter.js';
import { moment, span } from './time.js';
import { Timings } from './timings.js';

const BEYOND = 8;
const view = find('#jobs-view');
const box = find('#job-list');
const count = find('#job-count');
const none = find('#no-jobs');
const narrow = matchMedia('(max-width: 699px)');

/** The words that people read for states. */
export const word = (status) => status.replaceAll('_', ' ');

/**
 * The list of jobs. Of thousands only those are drawn that are in sight, once a frame of the screen
 * at most.
 */
export class JobList {
  #feed;
  #filter;
  #open;
  #shown = [];
  #selected = null;
  #stale = true;
  #drawing = false;
  #timings = new Timings();
  #canvas = el('div', { className: 'canvas', role: 'presentation' });

  /** @param open is told the id of a job that is chosen */
  constructor(feed, open) {
    this.#feed = feed;
    this.#open = open;
    box.append(this.#canvas);
    box.addEventListener('scroll', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(box);
    narrow.addEventListener('change', () => this.draw());
    box.addEventListener('keydown', (event) => this.#key(event));
    box.addEventListener('click', (event) => {
      const row = event.target.closest('[data-job]');
      if (row) {
        this.#choose(row.dataset.job);
      }
    });
    this.#filter = new JobFilter(() => feed.sorted, () => {
      box.scrollTop = 0;
      this.changed();
    });
    setInterval(() => this.#shown.some(({ ended_at: ended }) => !ended) && this.draw(), 1000);
  }

  /** Rows have changed. */
  changed() {
    this.#stale = true;
    this.draw();
  }

  select(id) {
    this.#selected = id;
    this.draw();
  }

  draw() {
    if (this.#drawing) {
      return;
    }
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  get #height() {
    return narrow.matches ? 58 : 34;
  }

  #draw() {
    if (view.hidden) {
      return;
    }
    if (this.#stale) {
      this.#stale = false;
      this.#shown = this.#filter.of(this.#feed.sorted);
      this.#filter.changed();
      const all = this.#feed.rows.size;
      const texts = this.#shown.length === all ? `${all}` : `${this.#shown.length} of ${all}`;
      count.textContent = this.#feed.live ? texts : `${texts}, the stage is not there`;
      none.hidden = this.#shown.length > 0;
      none.textContent = all === 0
        ? 'No job yet. What any client sends appears here: this page, ./streamer request, your front end.'
        : 'No job is like this.';
      box.hidden = this.#shown.length === 0;
      this.#timings.changed(this.#shown);
    }
    const height = this.#height;
    this.#canvas.style.height = `${this.#shown.length * height}px`;
    const first = Math.max(0, Math.floor(box.scrollTop / height) - BEYOND);
    const last = Math.min(this.#shown.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + BEYOND);
    const now = Date.now();
    this.#canvas.replaceChildren(
      ...this.#shown.slice(first, last).map((row, at) => this.#row(row, first + at, height, now)),
    );
    const active = document.getElementById(`job-${this.#selected}`);
    if (active) {
      box.setAttribute('aria-activedescendant', active.id);
    } else {
      box.removeAttribute('aria-activedescendant');
    }
  }

  #row(row, index, height, now) {
    const took = row.ended_at ? span(row.ended_at - row.created_at) : span(now - row.created_at);
    const said = row.error ?? (row.status === 'running' ? `${Math.floor(row.percentage)} % ${row.message}` : row.message);
    const node = el(
      'div',
      {
        className: 'job',
        id: `job-${row.job_id}`,
        role: 'option',
        'aria-selected': String(row.job_id === this.#selected),
        'aria-posinset': String(index + 1),
        'aria-setsize': String(this.#shown.length),
        'data-job': row.job_id,
        'data-state': row.status,
      },
      el('span', { className: 'chip' }, row.cancelling ? 'stopping' : word(row.status)),
      el('span', { className: 'name', title: row.action }, row.action),
      el('span', { className: 'said', title: said }, said),
      el('span', { className: 'who', title: `${row.tenant} / ${row.user}` }, row.user),
      el('span', { className: 'attempt' }, row.attempt > 1 ? `attempt ${row.attempt}` : ''),
      el('span', { className: 'when' }, moment(row.created_at)),
      el('span', { className: 'took' }, took),
    );
    node.style.top = `${index * height}px`;
    return node;
  }

  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    const at = this.#shown.findIndex(({ job_id: id }) => id === this.#selected);
    const to = Math.max(0, Math.min(this.#shown.length - 1, (at < 0 && step === 1 ? -1 : Math.max(0, at)) + step));
    const height = this.#height;
    if (to * height < box.scrollTop) {
      box.scrollTop = to * height;
    } else if ((to + 1) * height > box.scrollTop + box.clientHeight) {
      box.scrollTop = (to + 1) * height - box.clientHeight;
    }
    this.#choose(this.#shown[to].job_id);
  }

  #choose(id) {
    this.select(id);
    this.#open(id);
  }
}
