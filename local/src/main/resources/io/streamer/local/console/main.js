import { showActions } from './actions.js';
import { Connection } from './connection.js';
import { showConnections } from './connections.js';
import { el, find } from './dom.js';
import { Run } from './job.js';
import { showLookup } from './lookup.js';
import { RunList } from './runs.js';
import './theme.js';

const KEPT = 'streamer.runs';
const MOST_JOBS = 64;
const PATIENCE_MS = 10_000;

const runs = new Map();
const asked = new Map();
let session = null;

const list = new RunList({
  onRemove(run) {
    runs.delete(run.id);
    keep();
  },
  cancel: (run) => ask({ type: 'cancel', job_id: run.jobId }),
});
const connection = new Connection(() => Object.fromEntries(
  [...runs.values()].filter((run) => run.jobId && !run.over).slice(-MOST_JOBS).map((run) => [run.jobId, run.seq]),
));

/** Remembers the jobs, so that the page finds them after a reload. */
function keep() {
  const jobs = [...runs.values()].filter((run) => run.jobId).slice(-MOST_JOBS);
  sessionStorage.setItem(KEPT, JSON.stringify(
    jobs.map(({ id, action, jobId, startedAt, endedAt }) => ({ id, action, jobId, startedAt, knownEnd: endedAt })),
  ));
}

function add(run) {
  runs.set(run.id, run);
  list.add(run);
}

const byJob = (jobId) => [...runs.values()].find((run) => run.jobId === jobId);

function welcome({ session: own, jobs }) {
  session = own;
  const known = new Set(jobs.map(({ snapshot }) => snapshot.job_id));
  for (const attached of jobs) {
    const run = byJob(attached.snapshot.job_id);
    if (run) {
      run.attach(attached);
      list.update(run);
      goOn(run, attached.next);
    }
  }
  for (const run of [...runs.values()].filter((one) => !one.over)) {
    if (run.jobId && !known.has(run.jobId)) {
      // the stage that had it is gone
      list.remove(run);
    } else if (!run.jobId && run.isJob) {
      // the same id again is the same job
      connection.send(run.frame);
    } else if (!run.jobId) {
      run.lose();
      list.update(run);
    }
  }
}

/** Reads the events that did not fit into the answer. */
async function goOn(run, next) {
  if (next === undefined) {
    return;
  }
  const { data } = await ask({ type: 'subscribe', job_id: run.jobId, after_seq: next });
  if (data) {
    run.attach(data);
    list.update(run);
    await goOn(run, data.next);
  }
}

function take(frame) {
  if (frame.type === 'welcome') {
    welcome(frame);
    return;
  }
  const answer = asked.get(frame.request_id);
  if (answer) {
    answer(frame);
    return;
  }
  const run = runs.get(frame.request_id) ?? (frame.job_id && byJob(frame.job_id));
  if (!run) {
    return;
  }
  if (frame.type === 'error' && frame.error.code === 'VALIDATION_ERROR' && !run.jobId) {
    // nothing was accepted: it belongs to the form
    list.remove(run);
    actions.refuse(run.action, frame.error);
    return;
  }
  const fresh = run.jobId === null;
  if (run.apply(frame)) {
    list.update(run);
    if (run.jobId && (fresh || run.over)) {
      keep();
    }
  }
}

function send(action, payload) {
  if (!connection.ready) {
    return false;
  }
  const id = crypto.randomUUID();
  const head = JSON.stringify({ type: 'request', id, action: action.name });
  const frame = payload === undefined ? head : `${head.slice(0, -1)},"payload":${payload}}`;
  const run = new Run({ id, action: action.name, frame });
  run.isJob = action.kind === 'job';
  add(run);
  connection.send(frame);
  return true;
}

function ask(frame) {
  const id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    if (!connection.ready) {
      throw new Error('there is no connection');
    }
    const timer = setTimeout(() => {
      asked.delete(id);
      reject(new Error('no answer came'));
    }, PATIENCE_MS);
    asked.set(id, (answer) => {
      clearTimeout(timer);
      asked.delete(id);
      resolve(answer);
    });
    connection.send({ ...frame, id });
  });
}

function showState({ detail: { state, text } }) {
  const status = find('#link');
  status.dataset.state = state;
  find('.text', status).textContent = text;
  find('#reconnect').hidden = state === 'open' || state === 'connecting';
}

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    find('#search').focus();
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    (event.target.closest('form') ?? find('#action form'))?.requestSubmit();
  }
});

let actions = { refuse() {} };
try {
  const answer = await fetch('/console/actions.json');
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.error.message);
  }
  actions = showActions(body.actions, send);
} catch (e) {
  find('#action').replaceChildren(el('p', { className: 'error' }, `The actions cannot be read: ${e.message}. Reload the page.`));
}

JSON.parse(sessionStorage.getItem(KEPT) ?? '[]').forEach((kept) => add(new Run(kept)));
showLookup(ask);
showConnections(() => session);
connection.addEventListener('state', showState);
connection.addEventListener('frame', ({ detail }) => take(detail));
find('#reconnect').addEventListener('click', () => connection.connect());
connection.connect();
