// In dev the stage brings the client along; a build of yours imports '@streamer/client'.
import { StreamerClient } from '/console/streamer.js';
import { sample } from './sample.js';

const client = new StreamerClient(`ws://${location.host}/ws`, { token, persist: true });
const find = (id) => document.getElementById(id);
let csv = '';
let parts = [];

/** In dev the stage signs one for its own pages; elsewhere your back end does. */
async function token() {
  const answer = await fetch('/console/token', { method: 'POST' });
  if (!answer.ok) {
    throw new Error(`no token: ${answer.status}`);
  }
  return (await answer.json()).token;
}

find('file').addEventListener('change', async () => check(await find('file').files[0].text()));
find('sample').addEventListener('click', () => check(sample(2_000)));

async function check(text) {
  csv = text;
  const button = find('load').querySelector('button:not([type])');
  button.disabled = true;
  try {
    const { rows, refused, problems } = await client.request('etl.check', { csv });
    find('checked').textContent = `${rows} rows, ${refused} of them refused`;
    find('problems').replaceChildren(...problems.map(({ line, text: why }) => item(`line ${line} ${why}`)));
    button.disabled = false;
  } catch (e) {
    find('checked').textContent = e.message;
    find('problems').replaceChildren();
  }
}

find('load').addEventListener('submit', (event) => {
  event.preventDefault();
  follow(client.request('etl.load', { csv }, options));
});

const options = {
  onProgress({ percentage, message, attempt }) {
    find('bar').value = percentage;
    find('message').textContent = attempt > 1 ? `${message} (attempt ${attempt})` : message;
  },
  onEvent({ name, seq, data }) {
    if (name === 'part') {
      parts.push({ seq, data });
      show();
    }
  },
  // a worker died: these come once more
  onVoid(afterSeq) {
    parts = parts.filter(({ seq }) => seq <= afterSeq);
    show();
  },
};

// a load that was under way when the page was loaded anew
for (const { jobId } of client.kept) {
  follow(client.attach(jobId, options));
}

async function follow(job) {
  parts = [];
  show();
  find('job').hidden = find('stop').hidden = false;
  find('stop').onclick = () => job.cancel();
  try {
    const { loaded, refused, refused_url } = await job;
    find('bar').value = 100;
    find('message').textContent = `${loaded} orders loaded, ${refused} rows refused. `;
    if (refused_url) {
      find('message').append(link(refused_url, 'The refused rows'));
    }
  } catch (e) {
    find('message').textContent = e.message;
  } finally {
    find('stop').hidden = true;
  }
}

function show() {
  find('parts').replaceChildren(
    ...parts.map(({ data: { number, loaded, refused } }) => {
      const part = item(`part ${number}: ${loaded} loaded${refused ? `, ${refused} refused` : ''}`);
      part.dataset.refused = refused > 0;
      return part;
    }),
  );
}

function item(text) {
  const made = document.createElement('li');
  made.textContent = text;
  return made;
}

function link(url, text) {
  const made = document.createElement('a');
  made.href = url;
  made.textContent = text;
  return made;
}
