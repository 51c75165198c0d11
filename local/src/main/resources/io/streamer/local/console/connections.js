import { el, find } from './dom.js';

const EVERY_MS = 5000;
const panel = find('#connections');
const note = find('#connections .note');
const list = find('#connections ul');

/**
 * The connections of the tenant, read again while the panel is open.
 *
 * @param own the id of this page's connection
 */
export function showConnections(own) {
  let timer = 0;
  async function refresh() {
    clearTimeout(timer);
    if (!panel.open) {
      return;
    }
    if (!document.hidden) {
      await load(own());
    }
    timer = setTimeout(refresh, EVERY_MS);
  }
  panel.addEventListener('toggle', refresh);
  document.addEventListener('visibilitychange', refresh);
}

async function load(own) {
  try {
    const answer = await fetch('/console/connections.json');
    const body = await answer.json();
    if (!answer.ok) {
      throw new Error(body.error.message);
    }
    const { connections, more } = body;
    connections.sort((one, other) => one.connected_at - other.connected_at);
    note.textContent = connections.length === 0
      ? 'Nobody is connected.'
      : `${connections.length}${more ? ' and more' : ''} of tenant demo`;
    list.replaceChildren(...connections.map((one) => row(one, one.id === own)));
  } catch (e) {
    note.textContent = `They cannot be read: ${e.message}`;
    list.replaceChildren();
  }
}

function row(connection, own) {
  const door = connection.endpoint.startsWith('api:') ? 'API Gateway' : 'direct';
  return el(
    'li',
    {},
    el('div', { className: 'top' }, el('strong', {}, connection.user), el('span', { className: 'chip' }, door), own ? el('span', { className: 'chip own' }, 'this page') : ''),
    el('div', { className: 'muted' }, `since ${time(connection.connected_at)}, last seen ${time(connection.last_seen_at)}`),
    el('div', { className: 'muted agent', title: connection.agent }, `${connection.address} ${connection.agent}`),
    el('code', {}, connection.id),
  );
}

const time = (millis) => new Date(millis).toLocaleTimeString();
