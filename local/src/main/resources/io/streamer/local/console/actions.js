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
export function showActions(actions, send) {
  const forms = new Map();
  const buttons = new Map();

  const formOf = (action) => {
    if (!forms.has(action.name)) {
      forms.set(action.name, actionForm(action, (payload) => send(action, payload)));
    }
    return forms.get(action.name);
  };

  function choose(action) {
    const form = formOf(action);
    panel.replaceChildren(form.node);
    panel.setAttribute('aria-label', `Request ${action.name}`);
    buttons.forEach((button, name) => button.setAttribute('aria-current', String(name === action.name)));
    history.replaceState(null, '', `#${encodeURIComponent(action.name)}`);
    return form;
  }

  for (const action of actions) {
    const button = el('button', { type: 'button', title: action.name }, el('span', {}, action.name), badge(action));
    button.addEventListener('click', () => choose(action));
    buttons.set(action.name, button);
    list.append(el('li', {}, button));
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

  const wanted = decodeURIComponent(location.hash.slice(1));
  choose(actions.find(({ name }) => name === wanted) ?? actions[0]);
  return { refuse: (name, error) => forms.get(name)?.refuse(error) };
}

function badge({ kind }) {
  const text = { sync: 'now', job: 'job', either: 'now/job' }[kind];
  return text ? el('small', {}, text) : '';
}
