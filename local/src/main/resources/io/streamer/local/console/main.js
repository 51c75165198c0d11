import { showActions } from './actions.js';
import { showConnections } from './connections.js';
import { announce, el, find } from './dom.js';
import { Feed } from './feed.js';
import { Run } from './job.js';
import { JobList } from './joblist.js';
import { JobView } from './jobview.js';
import { parse, Raw, stringify } from './json.js';
import { showLookup } from './lookup.js';
import { RunList } from './runs.js';
import { StreamerClient } from './streamer.js';
import './theme.js';

const KEPT = 'streamer.runs';
const MOST_JOBS = 64;

const runs = new Map();

const list = new RunList({
  onRemove(run) {
    runs.delete(run.id);
    run.handle.unsubscribe();
    keep();
  },
  cancel: (run) => run.handle.cancel(),
});
const client = new StreamerClient(`ws://${location.host}/ws`, { token, json: { parse, stringify } });

async function token() {
  const answer = await fetch('/console/token', { method: 'POST' });
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.error.message);
  }
  return body.token;
}

/** Remembers the jobs, so that the page finds them after a reload. */
function keep() {
  const jobs = [...runs.values()].filter((run) => run.jobId).slice(-MOST_JOBS);
  sessionStorage.setItem(KEPT, JSON.stringify(
    jobs.map(({ id, action, jobId, startedAt, endedAt }) => ({ id, action, jobId, startedAt, knownEnd: endedAt })),
  ));
}

/** Shows a run, and follows it by the handle that is begun with these options. */
function add(run, begin) {
  runs.set(run.id, run);
  let kept = run.jobId;
  const change = () => {
    list.update(run);
    if (run.jobId !== kept || run.over) {
      kept = run.jobId;
      keep();
    }
  };
  run.handle = begin(run.options(change));
  list.add(run);
  run.handle.then(
    (result) => {
      run.succeed(result);
      change();
    },
    (error) => {
      if (error.code === 'ABORTED') {
        return;
      }
      if (error.code === 'VALIDATION_ERROR' && !run.jobId) {
        // nothing was accepted: it belongs to the form
        list.remove(run);
        actions.refuse(run.action, error);
      } else if (error.code === 'NOT_FOUND') {
        // the stage that had it is gone
        list.remove(run);
      } else {
        run.fail(error);
        change();
      }
    },
  );
}

function send(action, payload) {
  if (client.state.name !== 'open') {
    return false;
  }
  const id = crypto.randomUUID();
  const retry = action.kind === 'job' ? { retry: 'job' } : {};
  add(new Run({ id, action: action.name }), (options) =>
    client.request(action.name, payload === undefined ? undefined : new Raw(payload), { ...options, id, ...retry }));
  return true;
}

function showState(state) {
  const status = find('#link');
  status.dataset.state = state.name;
  find('.text', status).textContent = text(state);
  find('#reconnect').hidden = state.name === 'open' || state.name === 'connecting';
}

function text({ name, reason, at }) {
  switch (name) {
    case 'open':
      return 'connected';
    case 'waiting':
      return `${reason}; next try in ${Math.max(0, Math.ceil((at - Date.now()) / 1000))} s`;
    case 'closed':
      return reason;
    default:
      return name;
  }
}

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    find(find('#jobs-view').hidden ? '#search' : '#job-search').focus();
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    (event.target.closest('form') ?? (find('#send-view').hidden ? null : find('#action form')))?.requestSubmit();
  }
});

let actions = { update() {}, refuse() {}, chosen: null };
let edition = null;

async function readActions() {
  const answer = await fetch('/console/actions.json');
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.error.message);
  }
  return body.actions;
}

const feed = new Feed(
  (ids) => {
    jobs.changed();
    find('#job-total').textContent = String(feed.rows.size || '');
    if (ids === null || ids.has(job.id)) {
      job.changed();
    }
  },
  (stage) => {
    showFaults(stage);
    if (edition !== null && edition !== stage.edition) {
      readActions().then((list) => actions.update(list), () => {});
    }
    edition = stage.edition;
  },
);
const jobs = new JobList(feed, (id) => {
  history.replaceState(null, '', `#/jobs/${id}`);
  route();
});
const job = new JobView(feed, (name, payload) => {
  const sent = send({ name, kind: 'job' }, payload);
  if (sent) {
    announce(`${name} was sent again`);
  }
  return sent;
});

function showFaults({ fault_rules: rules, faults_on: on }) {
  const button = find('#faults');
  button.hidden = rules === 0;
  button.textContent = on ? `Faults on (${rules})` : `Faults off (${rules})`;
  button.setAttribute('aria-pressed', String(on));
  button.onclick = async () => showFaults(await feed.turnFaults(!on));
}

/** Shows what the address says: the jobs, one of them, or the form of an action. */
function route() {
  const shown = location.hash.match(/^#\/jobs(?:\/(.+))?$/);
  find('#jobs-view').hidden = !shown;
  find('#send-view').hidden = Boolean(shown);
  find('.skip').href = shown ? '#jobs' : '#action';
  find('#views a:first-child').setAttribute('aria-current', shown ? 'page' : 'false');
  find('#views a:last-child').setAttribute('aria-current', shown ? 'false' : 'page');
  find('#views a:last-child').href = `#${encodeURIComponent(actions.chosen ?? '')}`;
  document.body.dataset.view = shown ? 'jobs' : 'send';
  if (shown) {
    const id = shown[1] ? decodeURIComponent(shown[1]) : null;
    if (id !== job.id) {
      job.show(id);
    }
    find('#jobs-view').dataset.job = id === null ? '' : '1';
    jobs.select(id);
    jobs.draw();
  }
}

try {
  actions = showActions(await readActions(), send);
} catch (e) {
  find('#action').replaceChildren(el('p', { className: 'error' }, `The actions cannot be read: ${e.message}. Reload the page.`));
}

JSON.parse(sessionStorage.getItem(KEPT) ?? '[]').forEach((kept) =>
  add(new Run(kept), (options) => client.attach(kept.jobId, options)));
showLookup((of) => client.status(of));
showConnections(() => client.state.session);
client.onState(showState);
find('#reconnect').addEventListener('click', () => client.connect());
client.connect();
showState(client.state);
// a wait counts down
setInterval(() => client.state.name === 'waiting' && showState(client.state), 1000);
addEventListener('hashchange', route);
route();
feed.start();
