import { anything, choice, number, text } from './controls.js';
import { el, freshId } from './dom.js';
import { entries, list, members } from './groups.js';
import { parse, same, token } from './json.js';

/*
 * Fields of a form, made from JSON Schema. Each has
 *   node                    its element
 *   read(pointer, reading)  its value as JSON text, undefined if it is left out
 *   write(value)            shows a parsed value; undefined empties it
 *   fail(message)           shows what is wrong with it; '' takes that back
 * JSON stays text, so that a number goes out with all its digits.
 */

/** What a form gave: where each field stands in the payload, and what the page itself can see is wrong. */
export class Reading {
  fields = new Map();
  problems = [];

  note(pointer, field) {
    this.fields.set(pointer, field);
  }

  /** Where a pointer into the payload leads, or the nearest field around it. */
  nearest(pointer) {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      if (this.fields.has(at)) {
        return this.fields.get(at);
      }
      if (at === '') {
        return null;
      }
    }
  }
}

const HINTS = {
  'date-time': '2025-01-31T12:00:00Z',
  date: '2025-01-31',
  duration: 'PT1M30S',
  uuid: '00000000-0000-4000-8000-000000000000',
  'uri-reference': 'https://example.com/',
};

/** How deep examples are looked for: a record may have itself among its members. */
const DEEPEST = 8;

/** A field for a schema; `within` is the document that references point into. */
export function field(schema, within, label, required = false) {
  return described(plain(schema, within, label, required), schema.description);
}

function plain(schema, within, label, required) {
  const { of, optional } = resolve(schema, within);
  const note = required ? 'required' : optional ? 'optional' : '';
  if (of.enum) {
    return choice(of.enum, label, note, required);
  }
  switch (of.type) {
    case 'string':
      return text(label, note, HINTS[of.format] ?? '');
    case 'integer':
    case 'number':
      return number(label, note, range(of));
    case 'boolean':
      return choice(['true', 'false'], label, note, required, false);
    case 'array':
      return list((name) => field(of.items, within, name), label, note);
    case 'object':
      return of.properties
        ? members(() => record(of, within), label, note)
        : entries((name) => field(of.additionalProperties ?? true, within, name), label, note);
    default:
      return anything(label, note);
  }
}

/** A field with what its record says of it. */
function described(one, description) {
  if (!description) {
    return one;
  }
  const about = el('p', { className: 'about', id: freshId() }, description);
  const { node } = one;
  node.querySelector('label, legend').after(about);
  const control = node.matches('fieldset') ? node : node.querySelector('[aria-describedby]');
  control.setAttribute('aria-describedby', `${about.id} ${control.getAttribute('aria-describedby')}`);
  return one;
}

/** The examples of a schema as one value, also those in records that must be there; undefined if there are none. */
export function example(schema, within, depth = 0) {
  const { of } = resolve(schema, within);
  if (schema.examples) {
    return schema.examples[0];
  }
  if (!of.properties || depth === DEEPEST) {
    return undefined;
  }
  const members = Object.entries(of.properties)
    .map(([name, one]) => [name, example(one.examples || of.required?.includes(name) ? one : true, within, depth + 1)])
    .filter(([, value]) => value !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/** The fields of a record, always open: the root of a form. */
export function record(schema, within) {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [
    name,
    field(one, within, name, required.has(name)),
  ]);
  const node = el('div', { className: 'members' }, ...fields.map(([, one]) => one.node));
  return {
    node,
    fields: fields.length,
    read(pointer, reading) {
      const parts = [];
      for (const [name, one] of fields) {
        const json = one.read(pointer + token(name), reading);
        if (json !== undefined) {
          parts.push(`${JSON.stringify(name)}:${json}`);
        }
      }
      return `{${parts.join(',')}}`;
    },
    write(value) {
      fields.forEach(([name, one]) => one.write(value?.[name]));
    },
    fail() {},
  };
}

/** Follows a reference, and takes the null away that an optional member may be. */
export function resolve(schema, within) {
  if (schema === true) {
    return { of: {}, optional: false };
  }
  if (schema.$ref) {
    return { of: within.$defs[schema.$ref.split('/').at(-1)], optional: false };
  }
  if (schema.anyOf) {
    return { of: resolve(schema.anyOf[0], within).of, optional: true };
  }
  if (schema.allOf) {
    return resolve(schema.allOf[0], within);
  }
  return { of: schema, optional: false };
}

function range({ minimum, maximum, type }) {
  // an int's own bounds tell nobody anything
  return minimum !== undefined && maximum - minimum < 100_000 ? `${minimum} to ${maximum}` : type;
}

/** Whether a field shows all of a value: one it has no place for would be lost. */
export function holds(one, value) {
  one.write(value);
  const reading = new Reading();
  const json = one.read('', reading);
  return reading.problems.length === 0
    && (json === undefined ? value === undefined : value !== undefined && same(parse(json), value));
}
