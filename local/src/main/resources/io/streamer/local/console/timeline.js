import { el } from './dom.js';
import { span } from './time.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 1000;
const HEIGHT = 64;
const BAR = 40;

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...children);
  return element;
}

/** What a job did when: a picture, and the same in words. */
export function timeline(course, over) {
  const from = course.accepted_at;
  const times = [course.ended_at, course.told_at, ...course.moments.map(({ at }) => at)].filter((at) => at !== undefined);
  const to = Math.max(from + 1, over ? Math.max(...times, from) : Date.now());
  const x = (at) => (Math.max(0, Math.min(at, to) - from) / (to - from)) * WIDTH;
  const parts = stretches(course, from, to);
  const said = summary(course);
  const picture = svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `Time trace: ${said || 'nothing was seen'}`, class: 'trace' },
    ...parts.map(({ kind, at, until }) =>
      svg('rect', { class: kind, x: x(at), y: BAR, width: Math.max(2, x(until) - x(at)), height: HEIGHT - BAR })),
    ...progressLine(course, x),
    ...course.moments
      .filter(({ what }) => what === 'checkpoint' || what === 'asked to stop')
      .map(({ at, what }) => svg('line', { class: what === 'checkpoint' ? 'mark' : 'stop', x1: x(at), x2: x(at), y1: BAR - 6, y2: HEIGHT })),
  );
  return [
    picture,
    el('p', { className: 'legend muted' }, ...[['waiting', 'waits'], ['running', 'runs'], ['lost', 'failed or lost'], ['telling', 'is told']]
      .flatMap(([kind, text]) => [el('span', { className: `key ${kind}` }), ` ${text} `]), said && `— ${said}`),
    el('ol', { className: 'moments', tabIndex: 0, 'aria-label': 'moments' }, ...course.moments.map(({ at, what, attempt, detail }) =>
      el('li', {}, el('span', { className: 'at' }, `+${span(at - from)}`), el('span', {}, what, attempt > 1 ? ` (attempt ${attempt})` : '', detail ? `: ${detail}` : '')))),
  ];
}

function progressLine(course, x) {
  const points = course.progress.map(({ at, percentage }) => `${x(at)},${BAR - 4 - (Math.max(0, Math.min(100, percentage)) / 100) * (BAR - 8)}`);
  return points.length < 2 ? [] : [svg('polyline', { class: 'progress', points: points.join(' ') })];
}

/** From the moments: when it waited, ran, and was told of. */
function stretches(course, from, to) {
  const parts = [];
  let kind = 'waiting';
  let at = from;
  const next = (what, now) => {
    parts.push({ kind, at, until: now });
    kind = what;
    at = now;
  };
  for (const { what, at: now } of course.moments) {
    if (what === 'started') {
      next('running', now);
    } else if (what === 'failed' || what === 'lost its worker') {
      const failed = kind === 'running';
      next('waiting', now);
      if (failed) {
        parts.at(-1).kind = 'lost';
      }
    } else if (what === 'queued' && kind === 'running') {
      next('waiting', now);
    }
    if (course.ended_at !== undefined && now >= course.ended_at && kind !== 'telling') {
      const bad = what === 'failed' || what === 'timed out';
      if (kind === 'running') {
        next('telling', now);
        parts.at(-1).kind = bad ? 'lost' : 'running';
      } else {
        next('telling', now);
      }
    }
  }
  const until = kind === 'telling' ? Math.max(at, course.told_at ?? at) : to;
  if (until > at) {
    parts.push({ kind, at, until });
  }
  return parts.filter((part) => part.until > part.at);
}

/** How long it waited, ran, and took to be told. */
export function summary({ accepted_at: accepted, started_at: started, first_progress_at: first, ended_at: ended, told_at: told }) {
  return [
    started !== undefined && `waited ${span(started - accepted)}`,
    started !== undefined && first !== undefined && first >= started && `first progress after ${span(first - started)}`,
    started !== undefined && ended !== undefined && `ended after ${span(ended - started)}`,
    ended !== undefined && told !== undefined && `told ${span(told - ended)} later`,
  ].filter(Boolean).join(', ');
}
