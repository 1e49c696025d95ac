// @ts-check
import { byId, h, keyed } from './dom.js';
import { explained } from './errors.js';
import { number, relative } from './format.js';
import { className, lookUp, t } from './language.js';
import { retryMany } from './retry-many.js';

/** @typedef {import('./types').Failure} Failure */
/** @typedef {import('./types').Report} Report */

/** @param {Report} report @param {() => void} changed called when something was started again */
export function showFailures(report, changed) {
  const list = byId('failures');
  const all = byId('retry-all');
  all.hidden = report.restartableCount === 0;
  all.onclick = () => void retryMany({}, report.restartableCount, changed);
  /** @type {(Failure | 'none' | 'more')[]} */
  const items = report.failures.length ? [...report.failures] : ['none'];
  if (report.failureReasons > report.failures.length) items.push('more');
  keyed(list, items,
    (item) => (typeof item === 'string' ? item : `${item.class} ${item.error}`),
    () => h('article', {}),
    (element, item) => {
      if (item === 'none') fill(element, 'empty', [t('noFailuresLong')]);
      else if (item === 'more') fill(element, 'empty', [t('moreReasons', { n: number(report.failureReasons - report.failures.length) })]);
      else showFailure(element, item, changed);
    });
}

/** @param {HTMLElement} element @param {Failure} failure @param {() => void} changed */
function showFailure(element, failure, changed) {
  const mark = JSON.stringify(failure) + document.documentElement.lang + Math.floor(Date.now() / 60_000);
  if (element.dataset['mark'] === mark) return;
  element.dataset['mark'] = mark;
  const links = failure.videoIds.map((id) => h('a', { href: `#video=${id}` }, id.slice(0, 8)));
  fill(element, 'card failure', [
    h('p', { class: 'count' }, number(failure.count)),
    h('div', { class: 'what' },
      h('h3', { dir: 'auto', title: failure.error }, explained(failure.error) || t('unknownReason')),
      h('p', { class: 'remedy' }, lookUp(`remedy_${failure.class}`, 'remedy_unknown')),
      h('p', { class: 'hint' },
        `${t('class')} ${className(failure.class)} · ${t('lastTime', { time: relative(failure.lastOccurrence) })}`
        + (failure.exhausted ? ` · ${t('forGood', { n: number(failure.exhausted) })}` : '')),
      h('p', { class: 'links' }, `${t('videos')}: `, ...links)),
    ...(failure.restartable
      ? [h('button', { type: 'button', class: 'secondary', click: () => void retryMany({ error: failure.error, class: failure.class ?? 'unknown' }, failure.restartable, changed) }, t('retryThese'))]
      : []),
  ]);
}

/** @param {HTMLElement} element @param {string} name @param {(string | Node)[]} children */
function fill(element, name, children) {
  element.className = name;
  element.replaceChildren(...children);
}
