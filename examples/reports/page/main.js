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

find('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  follow(client.request('sales_report', { from: find('from').value, to: find('to').value }, { onProgress }));
});

// a report that was being made when the page was loaded anew
for (const { jobId } of client.kept) {
  follow(client.attach(jobId, { onProgress }));
}

function onProgress({ percentage, message }) {
  find('bar').value = percentage;
  find('message').textContent = message;
}

async function follow(job) {
  find('report').hidden = true;
  find('problem').textContent = find('message').textContent = '';
  find('bar').value = 0;
  busy(true);
  find('stop').onclick = () => job.cancel();
  try {
    show(await job);
  } catch (e) {
    // which member breaks which rule, or what went wrong
    const fields = e.details?.fields ?? [];
    find('problem').textContent = fields.map(({ pointer, message }) => `${pointer} ${message}`).join(', ') || e.message;
  } finally {
    busy(false);
  }
}

function show({ number, sales, cents, items, url }) {
  find('title').textContent = `Report ${number}: ${sales.toLocaleString('en')} sales, ${money(cents)}`;
  find('items').replaceChildren(
    ...Object.entries(items).map(([item, sold]) => {
      const row = document.createElement('tr');
      row.append(cell(item), cell(money(sold)));
      return row;
    }),
  );
  find('file').href = url;
  find('report').hidden = false;
  find('message').textContent = '';
}

function busy(is) {
  find('bar').hidden = find('stop').hidden = !is;
  find('ask').querySelector('button').disabled = is;
}

const money = (cents) => (cents / 100).toLocaleString('en', { style: 'currency', currency: 'EUR' });

function cell(text) {
  const made = document.createElement('td');
  made.textContent = text;
  return made;
}
