import { find } from './dom.js';

const ORDER = ['system', 'light', 'dark'];
const KEY = 'streamer.theme';
const button = find('#theme');

let theme = ORDER.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : ORDER[0];

function show() {
  document.documentElement.dataset.theme = theme;
  button.textContent = `Theme: ${theme}`;
}

button.addEventListener('click', () => {
  theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
  localStorage.setItem(KEY, theme);
  show();
});
show();
