// @ts-check
import { byId, h, redraw } from './dom.js';
import { className, t } from './language.js';
import { badClasses } from './query.js';
import { texts } from './texts.js';
import { isVideoId } from './timeline.js';

/** @typedef {import('./query.js').Query} Query */
/** @typedef {import('./list.js').VideoList} VideoList */

// A row has every class that has a word, but for one: of whoever stops there is nothing to be found.
const classes = Object.keys(texts.en).filter((key) => key.startsWith('class_')).map((key) => key.slice('class_'.length)).filter((name) => name !== 'shutdown');
const states = /** @type {const} */ (['recent', 'pending', 'processing', 'failed', 'completed', 'dismissed']);

/**
 * The form over the list: what is looked for.
 *
 * @param {VideoList} list
 */
export function watchFilters(list) {
  const form = /** @type {HTMLFormElement} */ (byId('find'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = /** @type {HTMLInputElement} */ (byId('find-text')).value.trim();
    // A whole id names one video.
    if (isVideoId(text)) location.hash = `video=${text.toLowerCase()}`;
    else list.look(told(list.query));
  });
  form.addEventListener('change', (event) => {
    // What is typed counts when it is sent.
    if (event.target instanceof HTMLSelectElement) list.look(told(list.query));
  });
  byId('clear').addEventListener('click', () => {
    list.look({ ...(list.query.state ? { state: list.query.state } : {}) });
    byId('find-text').focus();
  });
}

/** @param {Query} query @returns {Query} what the form says; another first page */
function told(query) {
  const data = new FormData(/** @type {HTMLFormElement} */ (byId('find')));
  /** @type {Query} */
  const next = { ...(query.state ? { state: query.state } : {}), ...(query.reason ? { reason: query.reason } : {}) };
  for (const name of /** @type {const} */ (['text', 'class', 'host', 'tenant', 'within', 'order'])) {
    const typed = String(data.get(name) ?? '').trim();
    // What may sign a URL is not searched, and has no place in an address.
    const value = name === 'text' && /^https?:\/\//i.test(typed) ? typed.replace(/[?#].*$/s, '') : typed;
    if (value) next[name] = value;
  }
  return next;
}

let shown = '';

/**
 * Shows what is looked for, in the words of the language. What is typed and not sent yet stays until something else is looked for.
 *
 * @param {VideoList} list
 */
export function showFilters(list) {
  const { query } = list;
  const mark = JSON.stringify([query, document.documentElement.lang]);
  if (mark === shown) return;
  shown = mark;
  redraw(byId('filters'), ...states.map((state) => h('button', {
    type: 'button', 'aria-pressed': String((query.state ?? 'recent') === state), 'data-value': state,
    // What was narrowed down stays so, but a class and a reason are of what failed.
    click: () => {
      const { after, page, reason, class: name, ...rest } = list.query;
      list.look({ ...rest, ...(name && ['failed', 'dismissed'].includes(state) ? { class: name } : {}), state });
    },
  }, t(state))));
  for (const [id, value] of /** @type {const} */ ([['find-text', query.text], ['find-host', query.host], ['find-tenant', query.tenant]])) {
    const input = /** @type {HTMLInputElement} */ (byId(id));
    if (document.activeElement !== input) input.value = value ?? '';
  }
  options('find-class', query.class, [['', t('anyClass')], [badClasses, t('badClasses')], ...classes.map((name) => /** @type {[string, string]} */ ([name, className(name)]))]);
  options('find-within', query.within, [['', t('anyTime')], ['1h', t('hours1')], ['24h', t('hours24')], ['7d', t('days7')]]);
  options('find-order', query.order, [['', t('orderUsual')], ['newest', t('orderNewest')], ['oldest', t('orderOldest')]]);
  const isNarrow = Boolean(query.text || query.host || query.tenant || query.class || query.within || query.order || query.reason);
  byId('clear').hidden = !isNarrow;
  const details = /** @type {HTMLDetailsElement} */ (byId('narrow'));
  if (query.host || query.tenant || query.class || query.within || query.order) details.open = true;
  byId('reason').hidden = !query.reason;
  byId('reason').textContent = query.reason ? t('onlyReason', { reason: query.reason }) : '';
}

/** @param {string} id @param {string | undefined} chosen @param {[string, string][]} choices */
function options(id, chosen, choices) {
  const select = /** @type {HTMLSelectElement} */ (byId(id));
  select.replaceChildren(...choices.map(([value, text]) => h('option', { value }, text)));
  select.value = chosen ?? '';
}
