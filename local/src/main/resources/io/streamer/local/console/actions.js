import { el, find } from './dom.js';
import { actionForm } from './form.js';

const list = find('#actions');
const search = find('#search');
const panel = find('#action');
const none = find('#no-action');

/**
 * The list of actions and the form of the chosen one. What was typed into a form stays there while
 * another one is shown.
 *
 * @param send takes an action and its payload's JSON; false if it could not be sent
 */
export function showActions(first, send) {
  let actions = [];
  let chosen = null;
  const forms = new Map();
  const buttons = new Map();

  const formOf = (action) => {
    // a handler that was saved may take another payload
    const text = JSON.stringify(action);
    if (forms.get(action.name)?.text !== text) {
      forms.set(action.name, Object.assign(actionForm(action, (payload) => send(action, payload)), { text }));
    }
    return forms.get(action.name);
  };

  function choose(action) {
    const form = formOf(action);
    chosen = action.name;
    if (panel.firstChild !== form.node) {
      panel.replaceChildren(form.node);
    }
    panel.setAttribute('aria-label', `Request ${action.name}`);
    buttons.forEach((button, name) => button.setAttribute('aria-current', String(name === action.name)));
    if (!location.hash.startsWith('#/')) {
      history.replaceState(null, '', `#${encodeURIComponent(action.name)}`);
    }
    return form;
  }

  function update(next) {
    actions = next;
    buttons.clear();
    list.replaceChildren(...actions.map((action) => {
      const button = el('button', { type: 'button', title: action.name }, el('span', {}, action.name), badge(action));
      button.addEventListener('click', () => choose(action));
      buttons.set(action.name, button);
      return el('li', {}, button);
    }));
    search.dispatchEvent(new Event('input'));
    const wanted = chosen ?? decodeURIComponent(location.hash.slice(1));
    const shown = actions.find(({ name }) => name === wanted) ?? actions[0];
    if (shown) {
      choose(shown);
    } else {
      chosen = null;
      panel.replaceChildren(el('p', { className: 'muted' }, 'No action is served. A handler that is saved appears here.'));
    }
  }

  const matches = () => actions.filter(({ name }) => name.toLowerCase().includes(search.value.trim().toLowerCase()));
  search.addEventListener('input', () => {
    const shown = new Set(matches().map(({ name }) => name));
    buttons.forEach((button, name) => {
      button.parentElement.hidden = !shown.has(name);
    });
    none.hidden = shown.size > 0;
  });
  search.addEventListener('keydown', (event) => {
    const first = matches()[0];
    if (event.key === 'Enter' && first) {
      event.preventDefault();
      choose(first).focus();
    } else if (event.key === 'Escape') {
      search.value = '';
      search.dispatchEvent(new Event('input'));
    }
  });

  update(first);
  return {
    update,
    refuse: (name, error) => forms.get(name)?.refuse(error),
    get chosen() {
      return chosen;
    },
  };
}

function badge({ kind }) {
  const text = { sync: 'now', job: 'job', either: 'now/job' }[kind];
  return text ? el('small', {}, text) : '';
}
