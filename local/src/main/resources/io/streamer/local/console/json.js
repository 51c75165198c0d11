import { el } from './dom.js';

/** Parses JSON; whole numbers that a double cannot hold become BigInt where the browser can tell. */
export function parse(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === 'number' && /^-?\d+$/.test(context?.source) && !Number.isSafeInteger(value)
      ? BigInt(context.source)
      : value);
}

/** A payload as it was typed: its numbers arrive as they are. */
export class Raw {
  constructor(text) {
    this.text = text;
  }
}

/** Writes a frame, its payload as it was typed. */
export function stringify({ payload, ...head }) {
  const text = JSON.stringify(head);
  return payload instanceof Raw ? `${text.slice(0, -1)},"payload":${payload.text}}` : text;
}

/** Writes what {@link parse} gave. */
export function write(value, indent = '') {
  if (typeof value === 'bigint') {
    return value.toString();
  }
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value);
  }
  const deeper = indent + '  ';
  const list = Array.isArray(value);
  const parts = list
    ? value.map((item) => write(item, deeper))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${write(item, deeper)}`);
  const [open, close] = list ? '[]' : '{}';
  return parts.length === 0
    ? open + close
    : `${open}\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}${close}`;
}

/** Whether two parsed values are the same JSON. */
export function same(one, other) {
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') {
    return one === other;
  }
  const keys = Object.keys(one);
  return Array.isArray(one) === Array.isArray(other)
    && keys.length === Object.keys(other).length
    && keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]));
}

const MOST_SHOWN = 50_000;
const URL_IN_JSON = /"(https?:\/\/[^"\\\s]+)"/g;

/** A value for reading, its web addresses as links. */
export function view(value, label) {
  const whole = write(value);
  const text = whole.slice(0, MOST_SHOWN);
  const shown = el('pre', { tabIndex: 0, role: 'region', 'aria-label': label });
  let from = 0;
  for (const match of text.matchAll(URL_IN_JSON)) {
    shown.append(text.slice(from, match.index + 1), link(match[1]));
    from = match.index + match[0].length - 1;
  }
  shown.append(text.slice(from));
  if (whole.length > MOST_SHOWN) {
    shown.append(`\n… ${whole.length - MOST_SHOWN} characters more`);
  }
  return shown;
}

export function link(url) {
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, url);
}

/** A token of a JSON pointer (RFC 6901). */
export const token = (name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
