/** An element with properties; names with a dash become attributes. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes('-') || key === 'role' || key === 'for') {
      element.setAttribute(key, value);
    } else {
      element[key] = value;
    }
  }
  element.append(...children);
  return element;
}

export const find = (selector, within = document) => within.querySelector(selector);

let ids = 0;

/** An id that no other element has. */
export const freshId = () => `e${++ids}`;

const announcer = find('#announcer');
const QUIET_MS = 3000;
let waiting = null;
let spokeAt = 0;

/** Tells screen readers, the newest only and not too often. */
export function announce(text) {
  if (waiting === null) {
    setTimeout(() => {
      announcer.textContent = waiting;
      waiting = null;
      spokeAt = Date.now();
    }, Math.max(100, spokeAt + QUIET_MS - Date.now()));
  }
  waiting = text;
}
