// In dev the stage brings the client along; a build of yours imports '@streamer/client'.
import { StreamerClient } from '/console/streamer.js';

const client = new StreamerClient(`ws://${location.host}/ws`, { token, persist: true });
const find = (id) => document.getElementById(id);

/** In dev the stage signs one for its own pages; elsewhere your back end does. */
async function token() {
  const answer = await fetch('/console/token', { method: 'POST' });
  if (!answer.ok) {
    throw new Error(`no token: ${answer.status}`);
  }
  return (await answer.json()).token;
}

find('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const { prime, divisor } = await client.request('prime', { number: Number(find('number').value) });
    find('answer').textContent = prime ? 'Yes.' : `No, ${divisor} divides it.`;
  } catch (e) {
    find('answer').textContent = e.message;
  }
});

find('count').addEventListener('submit', (event) => {
  event.preventDefault();
  follow(client.request('primes', { up_to: Number(find('up-to').value) }, { onProgress }));
});

// a job that was under way when the page was loaded anew
for (const { jobId } of client.kept) {
  follow(client.attach(jobId, { onProgress }));
}

async function follow(job) {
  find('bar').value = 0;
  find('message').textContent = '';
  busy(true);
  find('stop').onclick = () => job.cancel();
  try {
    const { up_to, primes } = await job;
    find('message').textContent = `${primes.toLocaleString('en')} primes up to ${up_to.toLocaleString('en')}`;
  } catch (e) {
    find('message').textContent = e.message;
  } finally {
    busy(false);
  }
}

function onProgress({ percentage, message, attempt }) {
  find('bar').value = percentage;
  find('message').textContent = attempt > 1 ? `${message} (attempt ${attempt})` : message;
}

function busy(is) {
  find('bar').hidden = find('stop').hidden = !is;
  find('count').querySelector('button').disabled = is;
}
