import { anything, notJson } from './controls.js';
import { el, freshId } from './dom.js';
import { Reading, example, field, holds, record, resolve } from './fields.js';
import { parse, write } from './json.js';

/**
 * The form of one action.
 *
 * @param send takes the payload's JSON, undefined if there is none; false if it could not be sent
 */
export function actionForm(action, send) {
  const { of } = resolve(action.schema, action.schema);
  const fields = root(of, action.schema);
  fields?.write(example(of, action.schema));
  const raw = anything('Payload', 'JSON', 10);
  const rawOnly = fields === null;
  if (of.type === 'object') {
    raw.area.placeholder = '{"name": "value"}';
  }
  let reading = new Reading();
  let inRaw = rawOnly;

  const summary = el('ul', { className: 'error', id: freshId(), role: 'alert', hidden: true });
  const toggle = el('button', { type: 'button', className: 'quiet', hidden: rawOnly, 'aria-pressed': 'false' }, 'Raw JSON');
  const submit = el('button', { type: 'submit', title: 'Ctrl+Enter' }, 'Send');
  const body = el('div', {}, inRaw ? raw.node : fields.node);
  const node = el(
    'form',
    { noValidate: true },
    el('div', { className: 'bar' }, el('h2', {}, action.name), toggle),
    el('ul', { className: 'facts' }, ...facts(action).map((fact) => el('li', {}, fact))),
    body,
    summary,
    el('div', { className: 'row' }, submit, el('span', { className: 'muted keys' }, el('kbd', {}, 'Ctrl'), '+', el('kbd', {}, 'Enter'))),
  );

  function tell(lines) {
    summary.replaceChildren(...lines.map((line) => el('li', {}, line)));
    summary.hidden = lines.length === 0;
  }

  function clear() {
    tell([]);
    raw.fail('');
    reading.fields.forEach((one) => one.fail(''));
  }

  /** The payload, or null if the page itself sees that it is wrong. */
  function read() {
    clear();
    reading = new Reading();
    const text = (inRaw ? raw : fields).read('', reading);
    reading.problems.forEach(([one, message]) => one.fail(message));
    reading.problems[0]?.[0].focus();
    return reading.problems.length === 0 ? { text } : null;
  }

  /** Shows the fields of a VALIDATION_ERROR, each at its place. */
  function refuse({ message, details }) {
    const elsewhere = [];
    let first = null;
    for (const { pointer, message: wrong } of details?.fields ?? [{ pointer: '', message }]) {
      const inPayload = pointer === '/payload' || pointer.startsWith('/payload/');
      const place = inPayload && !inRaw ? reading.nearest(pointer.slice('/payload'.length)) : null;
      if (place) {
        place.fail(wrong);
        first ??= place;
      } else {
        elsewhere.push(pointer ? `${pointer} ${wrong}` : wrong);
      }
    }
    tell(elsewhere);
    first?.focus();
  }

  toggle.addEventListener('click', () => {
    if (inRaw) {
      const text = raw.area.value.trim();
      const problem = text && notJson(text);
      if (problem) {
        raw.fail(problem);
        return;
      }
      if (!holds(fields, text ? parse(text) : {})) {
        raw.fail('the form has no place for all of this, so it stays JSON');
        return;
      }
    } else {
      const payload = read();
      if (payload === null) {
        return;
      }
      raw.area.value = payload.text === undefined ? '' : write(parse(payload.text));
    }
    clear();
    inRaw = !inRaw;
    toggle.setAttribute('aria-pressed', String(inRaw));
    body.replaceChildren(inRaw ? raw.node : fields.node);
  });

  raw.area.addEventListener('input', () => {
    const text = raw.area.value.trim();
    raw.fail((text && notJson(text)) || '');
  });

  node.addEventListener('submit', (event) => {
    event.preventDefault();
    const payload = read();
    if (payload && !send(payload.text)) {
      tell(['There is no connection. Send again when there is.']);
    }
  });

  return { node, refuse, focus: () => node.querySelector('input, select, textarea, fieldset button')?.focus() };
}

function root(schema, within) {
  if (schema.properties) {
    const all = record(schema, within);
    return all.fields > 0 ? all : null;
  }
  return schema.type && schema.type !== 'object' ? field(schema, within, 'payload', true) : null;
}

function facts({ kind, expected_ms: expected, timeout_ms: timeout, attempts, needs = [] }) {
  if (!kind) {
    return ['runs on Vert.x', 'payload unknown'];
  }
  const how = { sync: 'answered on the spot', job: 'a job', either: 'on the spot or a job, by the request' };
  return [
    how[kind],
    ...(expected > 0 ? [`about ${span(expected)}`] : []),
    `at most ${span(timeout)}`,
    ...(kind === 'sync' ? [] : [`${attempts} attempt${attempts === 1 ? '' : 's'}`]),
    ...needs.map((need) => `needs ${need}`),
  ];
}

function span(ms) {
  for (const [unit, size] of [['h', 3_600_000], ['min', 60_000], ['s', 1000]]) {
    if (ms >= size && ms % size === 0) {
      return `${ms / size} ${unit}`;
    }
  }
  return `${ms} ms`;
}
