import { el, find } from './dom.js';
import { link, view } from './json.js';

const form = find('#lookup form');
const input = find('#lookup-id');
const answer = find('#lookup .answer');

/**
 * Asks for the status of a job by either of its ids.
 *
 * @param ask takes one of a job's ids and gives its status; fails with an error's code
 */
export function showLookup(ask) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const id = input.value.trim();
    answer.replaceChildren(el('p', { className: 'muted' }, 'asking'));
    try {
      const byRequest = (e) => {
        if (e.code !== 'NOT_FOUND') {
          throw e;
        }
        return ask({ requestId: id });
      };
      answer.replaceChildren(...shown(await ask({ jobId: id }).catch(byRequest)));
    } catch (e) {
      answer.replaceChildren(el('p', { className: 'error' }, el('b', {}, e.code), ` ${e.message}`));
    }
  });
}

function shown(data) {
  return [
    el('p', {}, el('strong', {}, data.action), ` ${data.status.replaceAll('_', ' ')}`),
    ...(data.result_url ? [el('p', {}, link(data.result_url))] : []),
    view(data, 'status'),
  ];
}
