import { el, find } from './dom.js';
import { link, view } from './json.js';

const form = find('#lookup form');
const input = find('#lookup-id');
const answer = find('#lookup .answer');

/**
 * Asks for the status of a job by either of its ids.
 *
 * @param ask takes a frame and gives the frame that answers it; fails without a connection
 */
export function showLookup(ask) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const id = input.value.trim();
    answer.replaceChildren(el('p', { className: 'muted' }, 'asking'));
    try {
      let frame = await ask({ type: 'status', job_id: id });
      if (frame.error?.code === 'NOT_FOUND') {
        frame = await ask({ type: 'status', request_id: id });
      }
      answer.replaceChildren(...shown(frame));
    } catch (e) {
      answer.replaceChildren(el('p', { className: 'error' }, e.message));
    }
  });
}

function shown({ error, data }) {
  if (error) {
    return [el('p', { className: 'error' }, el('b', {}, error.code), ` ${error.message}`)];
  }
  return [
    el('p', {}, el('strong', {}, data.action), ` ${data.status.replaceAll('_', ' ')}`),
    ...(data.result_url ? [el('p', {}, link(data.result_url))] : []),
    view(data, 'status'),
  ];
}
