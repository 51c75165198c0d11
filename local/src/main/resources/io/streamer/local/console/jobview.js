import { announce, el, find } from './dom.js';
import { link, view, write } from './json.js';
import { word } from './joblist.js';
import { SNIPPETS } from './snippets.js';
import { moment, span } from './time.js';
import { timeline } from './timeline.js';

const panel = find('#job');
const AGAIN_MS = 400;

/** One job, all of it; what changes is drawn anew, what is open stays open. */
export class JobView {
  #feed;
  #send;
  #id = null;
  #parts = null;
  #asked = false;
  #due = false;

  /** @param send sends an action's payload as JSON text; gives false if it could not */
  constructor(feed, send) {
    this.#feed = feed;
    this.#send = send;
  }

  get id() {
    return this.#id;
  }

  show(id) {
    this.#id = id;
    this.#parts = null;
    panel.hidden = id === null;
    if (id === null) {
      panel.replaceChildren();
    } else {
      panel.replaceChildren(el('p', { className: 'muted' }, 'reading'));
      this.#read();
    }
  }

  /** It has changed: is read again, not too often. */
  changed() {
    if (this.#id === null || this.#due) {
      return;
    }
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      this.#read();
    }, AGAIN_MS);
  }

  async #read() {
    const id = this.#id;
    if (id === null) {
      return;
    }
    if (this.#asked) {
      this.changed();
      return;
    }
    this.#asked = true;
    try {
      const job = await this.#feed.find(id);
      if (id === this.#id) {
        this.#draw(job);
      }
    } catch (e) {
      if (id === this.#id && (this.#parts === null || e.status === 404)) {
        this.#parts = null;
        panel.replaceChildren(el('p', { className: 'error' }, e.message));
      }
    } finally {
      this.#asked = false;
    }
    if (id !== this.#id) {
      this.#read();
    }
  }

  #draw(whole) {
    if (this.#parts === null) {
      this.#parts = new Parts(this.#feed, this.#send);
      panel.replaceChildren(...this.#parts.nodes);
    }
    this.#parts.draw(whole);
  }
}

/** The page's parts for one job. */
class Parts {
  #feed;
  #send;
  #whole = null;
  #title = el('h2');
  #chip = el('span', { className: 'chip' });
  #bar = el('progress', { max: 100, 'aria-label': 'progress' });
  #step = el('p', { className: 'step' });
  #facts = el('dl', { className: 'job-facts' });
  #told = el('p', { className: 'error', role: 'alert', hidden: true });
  #buttons = {
    again: button('Send again', () => this.#again()),
    cancel: button('Cancel', () => this.#do('cancel', 'was asked to stop')),
    redrive: button('Redrive', () => this.#do('redrive', 'is done again')),
    kill: button('Kill its worker', () => this.#do('kill', 'its worker is gone; another takes over')),
  };
  #sections = {
    time: section('Time', true),
    failures: section('Attempts that failed', true),
    error: section('Error', true),
    result: section('Result', true),
    payload: section('Payload', true),
    checkpoint: section('Checkpoint', false),
    steps: section('Steps', false),
    events: section('Events', false),
    frames: section('Frames', false),
    copy: section('Copy as', false),
  };

  constructor(feed, send) {
    this.#feed = feed;
    this.#send = send;
    this.nodes = [
      el('div', { className: 'top' }, this.#title, this.#chip,
        el('a', { href: '#/jobs', className: 'close' }, 'Close')),
      this.#bar,
      this.#step,
      el('div', { className: 'row buttons' }, ...Object.values(this.#buttons)),
      this.#told,
      this.#facts,
      ...Object.values(this.#sections).map(({ node }) => node),
    ];
  }

  draw(whole) {
    this.#whole = whole;
    const { job, course } = whole;
    const over = job.ended_at !== undefined;
    panel.dataset.state = job.status;
    panel.setAttribute('aria-label', `Job ${job.action}`);
    this.#title.textContent = job.action;
    if (this.#chip.textContent && this.#chip.textContent !== word(job.status)) {
      announce(`${job.action}: ${word(job.status)}`);
    }
    this.#chip.textContent = word(job.status);
    this.#bar.value = job.percentage;
    this.#bar.hidden = over && job.status !== 'succeeded' && job.percentage === 0;
    this.#step.textContent = `${Math.floor(job.percentage)} % ${job.message}`;
    this.#buttons.cancel.hidden = over || job.cancelling;
    this.#buttons.redrive.hidden = !job.dead;
    this.#buttons.kill.hidden = !whole.worker_here;
    this.#buttons.again.hidden = whole.payload === undefined;
    this.#drawFacts(job, whole);
    this.#drawSections(whole, course, over);
  }

  #drawFacts(job, whole) {
    const facts = [
      ['job', job.job_id],
      ['request', job.request_id],
      ['of', `${job.tenant} / ${job.user}`],
      ['accepted', moment(job.created_at)],
      ['took', job.ended_at === undefined ? '' : span(job.ended_at - job.created_at)],
      ['attempt', String(job.attempt)],
      ['does again', job.redrive_of],
      ['done again by', job.redriven_by],
      ...Object.entries(whole.metadata).map(([name, text]) => [`metadata ${name}`, text]),
      ...Object.entries(whole.annotations).map(([name, text]) => [`annotation ${name}`, text]),
    ].filter(([, text]) => text);
    const text = JSON.stringify(facts);
    if (this.#facts.dataset.text !== text) {
      this.#facts.dataset.text = text;
      this.#facts.replaceChildren(...facts.map(([name, value]) =>
        el('div', {}, el('dt', {}, name), el('dd', {},
          name.startsWith('do') ? el('a', { href: `#/jobs/${value}` }, value) : el('code', {}, value)))));
    }
  }

  #drawSections(whole, course, over) {
    const parts = this.#sections;
    parts.time.set([course.moments, course.progress.length, over ? 0 : Math.floor(Date.now() / 1000)], course.moments.length > 0, () => timeline(course, over));
    parts.failures.set(course.failures.length, course.failures.length > 0, () => course.failures.map(failure));
    parts.error.set(whole.error, whole.error !== undefined, () => problem(whole.error));
    parts.result.set([whole.result, whole.result_url], whole.result !== undefined || whole.result_url !== undefined, () =>
      whole.result_url ? [el('p', {}, 'It is large: ', link(whole.result_url))] : [view(whole.result, 'result')]);
    parts.payload.set(0, true, () => whole.payload === undefined
      ? [el('p', { className: 'muted' }, 'It is gone: its time to be kept is over.')]
      : [view(whole.payload, 'payload')]);
    parts.checkpoint.set(whole.checkpoint, whole.checkpoint !== undefined, () => [view(whole.checkpoint, 'checkpoint')]);
    const steps = Object.entries(whole.steps);
    parts.steps.set(steps.length, steps.length > 0, () => steps.map(([name, result]) =>
      el('div', { className: 'named' }, el('b', {}, name), view(result, `result of ${name}`))));
    parts.events.count(whole.events.length, whole.more_events);
    parts.events.set([whole.events.length, whole.events.at(-1)?.seq], whole.events.length > 0, () => [
      scrolled('events', whole.events.map(event)),
    ]);
    parts.frames.count(course.frames.length + course.frames_left_out);
    parts.frames.set([course.frames.length, course.frames.at(-1)?.at], course.frames.length > 0, () => [
      ...(course.frames_left_out > 0 ? [el('p', { className: 'muted' }, `${course.frames_left_out} in the middle are left out.`)] : []),
      scrolled('frames', course.frames.map((one) => frame(one, course.accepted_at))),
    ]);
    parts.copy.set(0, whole.payload !== undefined, () => snippets(whole));
  }

  async #again() {
    const { job, payload } = this.#whole;
    if (!this.#send(job.action, write(payload))) {
      this.#tell('There is no connection. Send again when there is.');
    }
  }

  async #do(what, done) {
    const { job } = this.#whole;
    const pressed = this.#buttons[what];
    pressed.disabled = true;
    this.#tell('');
    try {
      const answer = await this.#feed.doTo(job.job_id, what);
      announce(`${job.action} ${done}`);
      if (answer.job_id) {
        location.hash = `#/jobs/${answer.job_id}`;
      }
    } catch (e) {
      this.#tell(e.message);
    }
    pressed.disabled = false;
  }

  #tell(text) {
    this.#told.textContent = text;
    this.#told.hidden = text === '';
  }
}

function button(text, act) {
  const node = el('button', { type: 'button', className: 'quiet' }, text);
  node.addEventListener('click', act);
  return node;
}

/** A part that is drawn anew only if what it shows has changed. */
function section(title, open) {
  const summary = el('summary', {}, title);
  const body = el('div', { className: 'body' });
  const node = el('details', { open, hidden: true, className: 'part' }, summary, body);
  let shown = null;
  return {
    node,
    count(number, more = false) {
      summary.textContent = `${title} (${number}${more ? ' and more' : ''})`;
    },
    set(what, there, build) {
      node.hidden = !there;
      const text = JSON.stringify(what, (_, value) => (typeof value === 'bigint' ? String(value) : value)) ?? '';
      if (there && text !== shown) {
        shown = text;
        const list = body.querySelector('.scrolled');
        const top = list?.scrollTop ?? 0;
        body.replaceChildren(...build());
        const again = body.querySelector('.scrolled');
        if (again) {
          again.scrollTop = top;
        }
      }
    },
  };
}

function scrolled(label, items) {
  return el('ol', { className: 'scrolled', tabIndex: 0, 'aria-label': label }, ...items);
}

function failure({ at, attempt, what, trace }) {
  return el(
    'div',
    { className: 'failure' },
    el('p', { className: 'error' }, el('b', {}, `attempt ${attempt}`), ` ${moment(at)} ${what}`),
    ...(trace ? [el('pre', { tabIndex: 0, role: 'region', 'aria-label': `stack trace of attempt ${attempt}`, className: 'stack' }, trace)] : []),
  );
}

function problem({ code, message, details, fields }) {
  return [
    el('p', { className: 'error' }, el('b', {}, code), ` ${message}`),
    ...fields.map(({ pointer, message: wrong }) => el('p', { className: 'error' }, `${pointer} ${wrong}`)),
    ...(Object.keys(details).length > 0 ? [view(details, 'details')] : []),
  ];
}

function event({ seq, name, data, void_after: after }) {
  return after !== undefined
    ? el('li', { className: 'muted' }, `those after ${after} are void: it went on from its checkpoint`)
    : el('li', {}, el('small', {}, String(seq)), ' ', el('b', {}, name), ' ', el('code', {}, write(data)));
}

function frame({ at, door, from_client: fromClient, type, text, bytes }, from) {
  return el(
    'li',
    {},
    el('span', { className: 'at' }, `+${span(at - from)}`),
    ' ',
    el('b', {}, fromClient ? '→' : '←'),
    el('span', { className: 'unseen' }, fromClient ? ' from the client ' : ' to the client '),
    ` ${type} `,
    el('small', {}, `${door === 'direct' ? 'direct' : 'API Gateway'}, ${bytes} bytes`),
    el('code', { className: 'wire' }, text),
  );
}

function snippets({ job, payload }) {
  const request = { action: job.action, payload: write(payload), url: `ws://${location.host}/ws` };
  return Object.entries(SNIPPETS).map(([name, make]) => {
    const text = make(name === 'command line' ? { ...request, payload: compact(payload) } : request);
    const copy = button(`Copy ${name}`, async () => {
      try {
        await navigator.clipboard.writeText(text);
        copy.textContent = 'Copied';
      } catch {
        copy.textContent = 'Not allowed';
      }
      setTimeout(() => (copy.textContent = `Copy ${name}`), 1500);
    });
    return el('div', { className: 'named' }, copy, el('pre', { tabIndex: 0, role: 'region', 'aria-label': name }, text));
  });
}

/** In one line, its numbers as they are. */
const compact = (value) => write(value).replaceAll(/\n\s*/g, '');
