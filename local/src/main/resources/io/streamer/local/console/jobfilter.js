import { el, find } from './dom.js';
import { moment } from './time.js';

const MOST_NAMES = 200;
const MS_A_SECOND = 1000;
const form = find('#job-filter');
const search = find('#job-search');
const states = find('#job-state');
const more = find('#job-more');
const users = find('#job-user');
const tenants = find('#job-tenant');
const since = find('#job-since');
const until = find('#job-until');
const clear = find('#job-clear');
const wrong = find('#job-until-wrong');

/** Which jobs are listed: by words, state, owner and when they were accepted. */
export class JobFilter {
  #rows;

  /**
   * @param rows gives all rows, the newest first: whose owners can be chosen
   * @param onChange is told when other rows are meant
   */
  constructor(rows, onChange) {
    this.#rows = rows;
    const changed = () => {
      this.#say();
      onChange();
    };
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', changed);
    clear.addEventListener('click', () => {
      [users, tenants, since, until].forEach((one) => (one.value = ''));
      users.focus();
      changed();
    });
    more.addEventListener('toggle', () => this.changed());
    // what the browser has kept over a reload
    this.#say();
  }

  /** Rows have changed: others may own some. */
  changed() {
    if (more.open) {
      offer(users, 'every user', this.#rows().map(({ user }) => user));
      offer(tenants, 'every tenant', this.#rows().map(({ tenant }) => tenant));
    }
  }

  /** The rows that are meant. */
  of(rows) {
    const wanted = [];
    const state = states.value;
    if (state !== '') {
      wanted.push((row) => isIn(row, state));
    }
    const text = search.value.trim().toLowerCase();
    if (text !== '') {
      wanted.push((row) => texts(row).includes(text));
    }
    const { user, tenant, from, to } = chosen();
    if (user !== '') {
      wanted.push((row) => row.user === user);
    }
    if (tenant !== '') {
      wanted.push((row) => row.tenant === tenant);
    }
    if (from !== null) {
      wanted.push(({ created_at: at }) => at >= from);
    }
    if (to !== null) {
      // the list shows whole seconds
      wanted.push(({ created_at: at }) => at < to + MS_A_SECOND);
    }
    return wanted.length === 0 ? rows : rows.filter((row) => wanted.every((isMet) => isMet(row)));
  }

  /** Says what is chosen where it may be out of sight, and what cannot be. */
  #say() {
    const { user, tenant, from, to } = chosen();
    const said = [
      user && `user ${user}`,
      tenant && `tenant ${tenant}`,
      from !== null && `since ${moment(from)}`,
      to !== null && `until ${moment(to)}`,
    ].filter(Boolean);
    find('small', more).textContent = said.join(', ');
    clear.hidden = said.length === 0;
    wrong.hidden = from === null || to === null || from <= to;
    until.setAttribute('aria-invalid', String(!wrong.hidden));
  }
}

function chosen() {
  return { user: users.value, tenant: tenants.value, from: at(since), to: at(until) };
}

/** Epoch milliseconds of a moment in the browser's own zone; null where none is given. */
function at(input) {
  const ms = new Date(input.value).getTime();
  return Number.isNaN(ms) ? null : ms;
}

/** Names to choose from: of the newest jobs, and what is chosen already. */
function offer(select, every, names) {
  if (select === document.activeElement) {
    return;
  }
  const kept = select.value;
  const seen = new Set(kept === '' ? [] : [kept]);
  for (const name of names) {
    if (seen.size === MOST_NAMES) {
      break;
    }
    seen.add(name);
  }
  const all = ['', ...[...seen].sort()];
  if ([...select.options].map(({ value }) => value).join('\n') !== all.join('\n')) {
    select.replaceChildren(...all.map((value) => el('option', { value }, value === '' ? every : value)));
    select.value = kept;
  }
}

function isIn(row, state) {
  switch (state) {
    case 'active':
      return !row.ended_at;
    case 'dead':
      return row.dead;
    default:
      return row.status === state;
  }
}

const words = new WeakMap();

/** All that is searched of a row; a row does not change, another one takes its place. */
function texts(row) {
  if (!words.has(row)) {
    words.set(row, [row.action, row.job_id, row.request_id, `${row.tenant}/${row.user}`, row.message, row.error ?? '']
      .join('\n').toLowerCase());
  }
  return words.get(row);
}
