import { announce, el, find } from './dom.js';
import { link, view } from './json.js';
import { span } from './time.js';

const MOST = 60;
const list = find('#run-list');
const empty = find('#no-runs');
const clear = find('#clear');

/** The runs of this page, the newest first; each is drawn at most once a frame of the screen. */
export class RunList {
  #cards = new Map();
  #changed = new Set();
  #onRemove;
  #cancel;

  /**
   * @param onRemove takes a run that is no longer shown
   * @param cancel asks for a run's job to stop, and returns when it has ended
   */
  constructor({ onRemove, cancel }) {
    this.#onRemove = onRemove;
    this.#cancel = cancel;
    clear.addEventListener('click', () => {
      [...this.#cards.keys()].filter((run) => run.finished).forEach((run) => this.remove(run));
      find('#runs-title').scrollIntoView({ block: 'nearest' });
    });
    setInterval(() => this.#cards.forEach((card, run) => run.finished || card.elapsed(run)), 1000);
  }

  add(run) {
    const card = new Card(run, this.#cancel);
    this.#cards.set(run, card);
    list.prepend(card.node);
    card.draw(run);
    for (const old of [...this.#cards.keys()].filter((one) => one.finished)) {
      if (this.#cards.size > MOST) {
        this.remove(old);
      }
    }
    this.#count();
  }

  update(run) {
    if (this.#changed.size === 0) {
      requestAnimationFrame(() => this.#draw());
    }
    this.#changed.add(run);
  }

  remove(run) {
    this.#cards.get(run)?.node.remove();
    this.#cards.delete(run);
    this.#onRemove(run);
    this.#count();
  }

  reveal(run) {
    this.#cards.get(run)?.node.scrollIntoView({ block: 'nearest' });
  }

  #draw() {
    const runs = [...this.#changed];
    this.#changed.clear();
    runs.forEach((run) => this.#cards.get(run)?.draw(run));
    this.#count();
  }

  #count() {
    empty.hidden = this.#cards.size > 0;
    clear.hidden = ![...this.#cards.keys()].some((run) => run.finished);
  }
}

const WORDS = {
  sent: 'sent',
  queued: 'queued',
  running: 'running',
  finished: 'finished',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  lost: 'no answer',
};

class Card {
  #state = null;
  #chip = el('span', { className: 'chip' });
  #time = el('span', { className: 'time' });
  #attempt = el('span', { className: 'muted', hidden: true });
  #bar = el('progress', { max: 100, hidden: true });
  #message = el('span', { className: 'message' });
  #percentage = el('span', { className: 'percentage' });
  #step = el('div', { className: 'step', hidden: true }, this.#message, this.#percentage);
  #job = el('span', { className: 'ids' });
  #cancel = el('button', { type: 'button', className: 'quiet cancel', hidden: true }, 'Cancel');
  #eventsTitle = el('summary');
  #eventList = el('ol');
  #events = el('details', { className: 'events', hidden: true }, this.#eventsTitle, this.#eventList);
  #outcome = el('div', { className: 'outcome' });

  constructor(run, cancel) {
    this.#cancel.setAttribute('aria-label', `Cancel ${run.action}`);
    this.#cancel.addEventListener('click', () => this.#ask(run, cancel));
    this.#bar.setAttribute('aria-label', `progress of ${run.action}`);
    this.node = el(
      'li',
      { className: 'run' },
      el('div', { className: 'top' }, el('strong', {}, run.action), this.#chip, this.#attempt, this.#time),
      this.#bar,
      this.#step,
      el('div', { className: 'line' }, this.#job, this.#cancel),
      this.#events,
      this.#outcome,
    );
  }

  draw(run) {
    const word = WORDS[run.state] ?? run.state;
    this.node.dataset.state = run.state;
    this.#chip.textContent = word;
    this.#attempt.textContent = `attempt ${run.attempt}`;
    this.#attempt.hidden = run.attempt < 2;
    const job = run.jobId !== null;
    this.#bar.hidden = !job || (run.over && run.percentage === 0);
    this.#bar.value = run.percentage;
    this.#step.hidden = this.#bar.hidden;
    this.#message.textContent = run.message;
    this.#percentage.textContent = `${Math.round(run.percentage)} %`;
    if (this.#job.childElementCount === 0 || (job && !this.#job.dataset.job)) {
      this.#job.replaceChildren(
        job ? copyable('job', run.jobId) : copyable('request', run.id),
        ...(job ? [el('a', { href: `#/jobs/${run.jobId}`, className: 'whole', 'aria-label': `All of ${run.action}` }, 'All of it')] : []),
      );
      this.#job.dataset.job = job ? '1' : '';
    }
    this.#cancel.hidden = !job || run.finished;
    this.#drawEvents(run);
    this.elapsed(run);
    if (run.over && this.#outcome.childElementCount === 0) {
      this.#outcome.append(...outcome(run));
    }
    if (this.#state !== null && this.#state !== run.state) {
      announce(`${run.action}: ${word}`);
    } else if (run.state === 'running') {
      announce(`${run.action}: ${Math.round(run.percentage)} %`);
    }
    this.#state = run.state;
  }

  elapsed(run) {
    this.#time.textContent = span((run.endedAt ?? run.knownEnd ?? Date.now()) - run.startedAt);
  }

  async #ask(run, cancel) {
    this.#cancel.disabled = true;
    this.#cancel.textContent = 'Cancelling';
    this.#cancel.title = '';
    try {
      await cancel(run);
      return;
    } catch (e) {
      this.#cancel.title = e.message;
    }
    this.#cancel.disabled = false;
    this.#cancel.textContent = 'Cancel again';
    announce(`${run.action}: ${this.#cancel.title}`);
  }

  #drawEvents({ events, eventCount }) {
    this.#events.hidden = eventCount === 0;
    this.#eventsTitle.textContent = `${eventCount} event${eventCount === 1 ? '' : 's'}`;
    const known = new Map([...this.#eventList.children].map((item) => [Number(item.dataset.seq), item]));
    this.#eventList.replaceChildren(
      ...events.map(({ seq, name, data }) => known.get(seq)
        ?? el('li', { 'data-seq': seq }, el('b', {}, name), ' ', el('code', {}, JSON.stringify(data, plain)))),
    );
  }
}

const plain = (_, value) => (typeof value === 'bigint' ? value.toString() : value);

function outcome(run) {
  if (run.error) {
    const { code, message, retryable, retryAfter: after, details } = run.error;
    const again = after ? ` Try again after ${after} ms.` : retryable ? ' Trying again may help.' : '';
    const { reason, ...more } = details ?? {};
    return [
      el('p', { className: 'error' }, el('b', {}, code), reason ? ` (${reason})` : '', ` ${message}.${again}`),
      ...(Object.keys(more).length > 0 ? [view(more, 'details')] : []),
    ];
  }
  if (run.resultUrl) {
    return [el('p', {}, 'The result is large: ', link(run.resultUrl))];
  }
  if (run.state === 'lost') {
    return [el('p', { className: 'error' }, 'The connection ended before an answer. It may have run; send it again if that does no harm.')];
  }
  return run.result === undefined ? [] : [view(run.result, `result of ${run.action}`)];
}

/** An id with a button that copies it. */
export function copyable(what, id) {
  const button = el('button', { type: 'button', className: 'quiet', 'aria-label': `Copy ${what} id` }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(id);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not allowed';
    }
    setTimeout(() => (button.textContent = 'Copy'), 1500);
  });
  return el('span', { className: 'id' }, el('small', {}, what), el('code', {}, id), button);
}
