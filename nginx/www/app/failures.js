// @ts-check
import { byId, h, keyed, redraw } from './dom.js';
import { explained } from './errors.js';
import { number, relative } from './format.js';
import { className, lookUp, t } from './language.js';
import { link } from './link.js';
import { operate } from './operations.js';
import { showPermission } from './permission.js';

/** @typedef {import('./types').Failure} Failure */
/** @typedef {import('./types').Report} Report */
/** @typedef {import('./query.js').Query} Query */

/** How many reasons of a class are seen before somebody asks for the others. */
const firstReasons = 3;
/** @type {Map<string, Failure>} What is shown, in its order. */
let shown = new Map();
/** @type {string[]} And the classes. */
let order = [];

/**
 * What failed, by class, and in each by reason.
 *
 * @param {Report} report
 * @param {() => void} changed called when something was done
 * @param {(query: Query) => void} reveal shows the videos of a query
 * @param {() => void} askForAll asks for a longer report
 */
export function showFailures(report, changed, reveal, askForAll) {
  const list = byId('failures');
  const all = byId('retry-all');
  all.hidden = report.restartableCount === 0;
  all.onclick = () => void operate('retry', { filter: { state: 'failed' } }, changed);
  const isHeld = list.contains(document.activeElement) || (list.matches(':hover') && matchMedia('(hover: hover)').matches);
  /** @type {Map<string, Failure[]>} */
  const classes = new Map([...(isHeld ? order : []), ...counts(report).map(([name]) => name)].map((name) => [name, []]));
  for (const failure of arranged(report.failures, isHeld)) {
    const name = failure.class ?? 'unknown';
    classes.set(name, [...(classes.get(name) ?? []), failure]);
  }
  order = [...classes.keys()];
  /** @type {([string, Failure[]] | 'none' | 'more')[]} */
  const items = classes.size ? [...classes] : ['none'];
  if (report.failureReasons > report.failures.length) items.push('more');
  keyed(list, items,
    (item) => (typeof item === 'string' ? item : item[0]),
    (item) => (typeof item === 'string' ? h('div', {}) : h('section', { class: 'card failure-class' })),
    (element, item) => {
      if (item === 'none') fill(element, 'empty', [t('noFailuresLong')]);
      else if (item === 'more') {
        // Whatever there is of a class is reachable by its own link, too.
        fill(element, 'empty', [`${t('moreReasons', { n: number(report.failureReasons - report.failures.length) })} `,
          ...(report.failures.length < 200 ? [h('button', { type: 'button', class: 'secondary', click: askForAll }, t('showReasons'))] : [])]);
      } else showClass(element, item[0], item[1], new Map(counts(report)).get(item[0]) ?? 0, changed, reveal);
    });
  showPermission(list);
}

/**
 * Nothing moves under the pointer: while somebody is at them, what was shown keeps its place, also what none have failed of any more.
 *
 * @param {Failure[]} failures
 * @param {boolean} isHeld
 */
function arranged(failures, isHeld) {
  const next = new Map(failures.map((failure) => [JSON.stringify([failure.class, failure.error]), failure]));
  const places = isHeld ? [...shown].map(([key, failure]) => /** @type {[string, Failure]} */ ([key, next.get(key) ?? { ...failure, count: 0, exhausted: 0, restartable: 0, videoIds: [] }])) : [];
  shown = new Map([...places, ...next]);
  return shown.values();
}

/** @param {Report} report @returns {[string, number][]} how many failed of each class, the most first */
function counts({ failedClasses }) {
  return failedClasses.map(({ class: name, exhausted, retried }) => /** @type {[string, number]} */ ([name, exhausted + retried])).sort(([, a], [, b]) => b - a);
}

/** @param {HTMLElement} element @param {string} name @param {Failure[]} failures @param {number} count @param {() => void} changed @param {(query: Query) => void} reveal */
function showClass(element, name, failures, count, changed, reveal) {
  const mark = count + JSON.stringify(failures) + document.documentElement.lang + Math.floor(Date.now() / 60_000);
  if (element.dataset['mark'] === mark) return;
  element.dataset['mark'] = mark;
  const wasOpen = element.querySelector('details')?.open ?? false;
  const items = failures.map((failure) => reasonItem(failure, changed, reveal));
  const rest = items.splice(firstReasons);
  const more = rest.length ? h('details', {}, h('summary', {}, t('moreOfClass', { n: number(rest.length) })), h('div', { class: 'stack' }, ...rest)) : null;
  if (more) more.open = wasOpen;
  redraw(element,
    h('div', { class: 'head' },
      h('h3', {}, link({ state: 'failed', class: name }, reveal, `${name === 'unknown' ? t('unknownClass') : className(name)} · ${number(count)}`)),
      h('p', { class: 'remedy' }, lookUp(`remedy_${name}`, 'remedy_unknown'))),
    h('div', { class: 'stack' }, ...items), ...(more ? [more] : []));
}

/** @param {Failure} failure @param {() => void} changed @param {(query: Query) => void} reveal */
function reasonItem(failure, changed, reveal) {
  const name = failure.class ?? 'unknown';
  const filter = { state: 'failed', reason: failure.error, class: name };
  const links = failure.videoIds.map((id) => h('a', { href: `#video=${id}` }, id.slice(0, 8)));
  return h('article', { class: 'failure' },
    h('p', { class: 'count' }, link(filter, reveal, number(failure.count), t('showThese'))),
    h('div', { class: 'what' },
      h('h4', { dir: 'auto', title: failure.error }, explained(failure.error) || t('unknownReason')),
      h('p', { class: 'hint' },
        [failure.lastOccurrence ? t('lastTime', { time: relative(failure.lastOccurrence) }) : '', failure.exhausted ? t('forGood', { n: number(failure.exhausted) }) : '']
          .filter(Boolean).join(' · ')),
      h('p', { class: 'links' }, `${t('videos')}: `, ...links, link(filter, reveal, t('showThese')))),
    h('div', { class: 'acts' },
      failure.restartable ? h('button', { type: 'button', class: 'secondary', 'data-acts': true, 'data-name': `retry ${failure.error}`, click: () => void operate('retry', { filter }, changed) }, t('retryThese')) : null,
      failure.exhausted ? h('button', { type: 'button', class: 'quiet', 'data-acts': true, 'data-name': `dismiss ${failure.error}`, click: () => void operate('dismiss', { filter }, changed) }, t('dismiss')) : null));
}

/** @param {HTMLElement} element @param {string} name @param {(string | Node)[]} children */
function fill(element, name, children) {
  element.className = name;
  redraw(element, ...children);
}
