// In dev the stage brings the client along; a build of yours imports '@streamer/client'.
import { StreamerClient } from '/console/streamer.js';

const TOKENS = 200;
const BEGIN = 'ai.begin';

const client = new StreamerClient(`ws://${location.host}/ws`, { token, persist: true });
const find = (id) => document.getElementById(id);
let pieces = [];

/** In dev the stage signs one for its own pages; elsewhere your back end does. */
async function token() {
  const answer = await fetch('/console/token', { method: 'POST' });
  if (!answer.ok) {
    throw new Error(`no token: ${answer.status}`);
  }
  return (await answer.json()).token;
}

const options = {
  onEvent({ name, seq, data }) {
    if (name === 'token') {
      pieces.push({ seq, data });
      find('story').append(data);
    }
  },
  // a worker died: these come once more
  onVoid(afterSeq) {
    pieces = pieces.filter(({ seq }) => seq <= afterSeq);
    show();
  },
};

find('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  const begin = find('begin').value;
  sessionStorage.setItem(BEGIN, begin);
  follow(client.request('tell', { begin, tokens: TOKENS }, options));
});

// a story that was being told when the page was loaded anew: all its tokens come again
for (const { jobId } of client.kept) {
  follow(client.attach(jobId, options));
}

async function follow(job) {
  pieces = [];
  show();
  busy(true);
  find('state').textContent = '';
  find('stop').onclick = () => job.cancel();
  try {
    const { tokens } = await job;
    find('state').textContent = `${tokens} tokens`;
  } catch (e) {
    find('state').textContent = e.code === 'CANCELLED' ? 'Stopped.' : e.message;
  } finally {
    busy(false);
  }
}

function show() {
  const begin = document.createElement('span');
  begin.className = 'begin';
  begin.textContent = sessionStorage.getItem(BEGIN) ?? '';
  find('story').replaceChildren(begin, ...pieces.map(({ data }) => data));
}

function busy(is) {
  find('ask').querySelector('button').disabled = is;
  find('stop').disabled = !is;
}
