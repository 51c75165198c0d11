import { el, freshId } from './dom.js';
import { token } from './json.js';

/** A group with a button that adds something to it. */
function group(label, note, adds) {
  const add = el('button', { type: 'button', className: 'quiet' }, adds);
  const rows = el('div', { className: 'rows' });
  const error = el('p', { className: 'error', hidden: true, id: freshId() });
  const node = el(
    'fieldset',
    { className: 'field', 'aria-describedby': error.id },
    el('legend', {}, label, note && el('small', {}, note)),
    rows,
    error,
    add,
  );
  const fail = (message) => {
    error.textContent = message;
    error.hidden = message === '';
  };
  return { node, rows, add, fail, focus: () => add.focus() };
}

function removable(inner, label, remove) {
  const button = el('button', { type: 'button', className: 'quiet remove', title: 'Remove', 'aria-label': `Remove ${label}` }, '×');
  const node = el('div', { className: 'item' }, ...inner, button);
  button.addEventListener('click', () => {
    node.remove();
    remove();
  });
  return node;
}

/** An array; `make` gives a field for an item. */
export function list(make, label, note) {
  const { node, rows, add, fail, focus } = group(label, note, 'Add item');
  let items = [];
  const insert = (value) => {
    const inner = make('item');
    const item = { inner };
    item.node = removable([inner.node], `an item of ${label}`, () => {
      items = items.filter((one) => one !== item);
      add.focus();
    });
    inner.write(value);
    items.push(item);
    rows.append(item.node);
    return inner;
  };
  add.addEventListener('click', () => {
    fail('');
    insert(undefined).focus?.();
  });
  const self = {
    node,
    fail,
    focus,
    read(pointer, reading, must = false) {
      reading.note(pointer, self);
      if (items.length === 0 && !must) {
        return undefined;
      }
      const texts = items.map(({ inner }, index) => inner.read(`${pointer}/${index}`, reading, true));
      return `[${texts.join(',')}]`;
    },
    write(value) {
      rows.replaceChildren();
      items = [];
      if (Array.isArray(value)) {
        value.forEach(insert);
      }
    },
  };
  return self;
}

/** An object with any names; `make` gives a field for a value. */
export function entries(make, label, note) {
  const { node, rows, add, fail, focus } = group(label, note, 'Add member');
  let items = [];
  const insert = (name, value) => {
    const key = el('input', { type: 'text', value: name, placeholder: 'name', autocomplete: 'off', spellcheck: false, 'aria-label': `name in ${label}` });
    const inner = make('value');
    const item = { key, inner };
    item.node = removable([el('div', { className: 'field' }, key), inner.node], `a member of ${label}`, () => {
      items = items.filter((one) => one !== item);
      add.focus();
    });
    inner.write(value);
    items.push(item);
    rows.append(item.node);
    return key;
  };
  add.addEventListener('click', () => {
    fail('');
    insert('', undefined).focus();
  });
  const self = {
    node,
    fail,
    focus,
    read(pointer, reading, must = false) {
      reading.note(pointer, self);
      if (items.length === 0 && !must) {
        return undefined;
      }
      const texts = items.map(({ key, inner }) => {
        const text = inner.read(pointer + token(key.value), reading, true);
        return `${JSON.stringify(key.value)}:${text}`;
      });
      return `{${texts.join(',')}}`;
    },
    write(value) {
      rows.replaceChildren();
      items = [];
      if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
        Object.entries(value).forEach(([name, one]) => insert(name, one));
      }
    },
  };
  return self;
}

/** A record within a record: made when it is added, as it may have itself among its members. */
export function members(make, label, note) {
  const { node, rows, add, fail, focus } = group(label, note, 'Add');
  let inner = null;
  const open = () => {
    inner = make();
    rows.append(removable([inner.node], label, close));
    add.hidden = true;
  };
  const close = () => {
    inner = null;
    rows.replaceChildren();
    add.hidden = false;
    add.focus();
  };
  add.addEventListener('click', () => {
    fail('');
    open();
    rows.querySelector('input, select, textarea, button')?.focus();
  });
  const self = {
    node,
    fail,
    focus,
    read(pointer, reading, must = false) {
      reading.note(pointer, self);
      return inner === null ? (must ? '{}' : undefined) : inner.read(pointer, reading);
    },
    write(value) {
      if (inner !== null) {
        inner = null;
        rows.replaceChildren();
        add.hidden = false;
      }
      if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
        open();
        inner.write(value);
      }
    },
  };
  return self;
}
