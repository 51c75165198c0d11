import { el, freshId } from './dom.js';
import { write } from './json.js';

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** What surrounds a control: its label, a note, and the place of its error. */
function around(label, note, control) {
  const error = el('p', { className: 'error', id: freshId(), hidden: true });
  control.id ||= freshId();
  control.setAttribute('aria-describedby', error.id);
  const node = el(
    'div',
    { className: 'field' },
    el('label', { htmlFor: control.id }, label, note && el('small', {}, note)),
    control,
    error,
  );
  const fail = (message) => {
    error.textContent = message;
    error.hidden = message === '';
    control.setAttribute('aria-invalid', String(message !== ''));
  };
  control.addEventListener('input', () => fail(''));
  return { node, fail, focus: () => control.focus() };
}

export const text = (label, note, hint) => line(label, note, hint, 'text', (typed) => JSON.stringify(typed), 'a text');

export const number = (label, note, hint) => line(label, note, hint, 'decimal', (typed) => (NUMBER.test(typed) ? typed : null), 'a number');

/** One line of text; `literal` turns it into JSON, or null if it is not `what` it must be. */
function line(label, note, placeholder, inputMode, literal, what) {
  const input = el('input', { type: 'text', placeholder, inputMode, autocomplete: 'off', spellcheck: false });
  const frame = around(label, note, input);
  const self = {
    ...frame,
    read(pointer, reading, must = false) {
      reading.note(pointer, self);
      if (input.value === '' && !must) {
        return undefined;
      }
      const text = literal(inputMode === 'text' ? input.value : input.value.trim());
      if (text === null) {
        reading.problems.push([self, `must be ${what}`]);
        return undefined;
      }
      return text;
    },
    write(value) {
      input.value = value === undefined || value === null ? '' : String(value);
    },
  };
  return self;
}

/** One of some values, which are texts or, not quoted, other JSON. */
export function choice(values, label, note, required, quoted = true) {
  const select = el('select');
  if (!required) {
    select.append(el('option', { value: '' }, '–'));
  }
  // false first: what is not chosen does nothing
  const shown = quoted ? values : [...values].reverse();
  select.append(...shown.map((value) => el('option', { value }, value)));
  const frame = around(label, note, select);
  const self = {
    ...frame,
    read(pointer, reading, must = false) {
      reading.note(pointer, self);
      if (select.value === '') {
        if (must) {
          reading.problems.push([self, 'choose one']);
        }
        return undefined;
      }
      return quoted ? JSON.stringify(select.value) : select.value;
    },
    write(value) {
      select.value = value === undefined || value === null ? (required ? shown[0] : '') : String(value);
    },
  };
  return self;
}

const MOST_ROWS = 12;

/** Any JSON, typed as it is. */
export function anything(label, note, rows = 2) {
  const area = el('textarea', { rows, spellcheck: false, placeholder: 'any JSON', className: 'code' });
  const frame = around(label, note, area);
  const self = {
    ...frame,
    area,
    read(pointer, reading, must = false) {
      reading.note(pointer, self);
      const text = area.value.trim();
      if (text === '' && !must) {
        return undefined;
      }
      const problem = notJson(text);
      if (problem) {
        reading.problems.push([self, problem]);
        return undefined;
      }
      return text;
    },
    write(value) {
      area.value = value === undefined ? '' : write(value);
      area.rows = Math.max(rows, Math.min(MOST_ROWS, area.value.split('\n').length));
    },
  };
  return self;
}

/** Why a text is no JSON, or null. */
export function notJson(text) {
  try {
    JSON.parse(text);
    return null;
  } catch (e) {
    return `is not JSON: ${e.message}`;
  }
}
