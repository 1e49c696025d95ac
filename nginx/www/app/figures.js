// @ts-check
import { byId, h } from './dom.js';
import { duration, number, percent } from './format.js';
import { t } from './language.js';

/** @typedef {import('./types').Report} Report */
/** @typedef {'' | 'good' | 'bad' | 'warn'} Mood */

/** @param {Report} report */
export function showFigures(report) {
  const { health, queue } = report;
  const ended = health.completedCount + health.failedCount;
  const rate = health.successRatePercent;
  const { meanSeconds, p95Seconds } = health.lastDay;
  const figures = byId('figures');
  figures.setAttribute('aria-busy', 'false');
  // What has not changed stays, with the selection and the place of whoever reads it.
  const mark = JSON.stringify([health, queue, report.exhaustedCount, document.documentElement.lang]);
  if (figures.dataset['mark'] === mark && figures.childElementCount > 0) return;
  figures.dataset['mark'] = mark;
  figures.replaceChildren(
    figure('success', t('successRate'), rate === null ? '–' : percent(health.failedCount ? Math.min(rate, 99.99) : rate), mood(rate === null, (rate ?? 0) > 95),
      ended ? t('ofEnded', { completed: number(health.completedCount), ended: number(ended) }) : t('noneEnded'), t('target')),
    figure('processing', t('inFlight'), number(health.processingCount), queue.expiredLeases ? 'warn' : '',
      queue.expiredLeases ? t('expired', { n: number(queue.expiredLeases) }) : t('allRenewed')),
    figure('pending', t('waiting'), number(health.pendingCount), queue.overAnHour ? 'bad' : '',
      queue.oldestDueSeconds >= 1 ? t('oldest', { time: duration(queue.oldestDueSeconds) }) : t('nothingDue'),
      ...(queue.kept ? [t('kept', { n: number(queue.kept) })] : [])),
    figure('failed', t('failed'), number(health.failedCount), report.exhaustedCount ? 'bad' : '',
      health.failedCount === 0 ? t('noFailures') : report.exhaustedCount ? t('exhausted', { n: number(report.exhaustedCount) }) : t('willRetry')),
    figure('mean', t('mean'), time(health.avgGenerationTimeSeconds), '', health.avgGenerationTimeSeconds === null ? t('noData') : t('ofAll')),
    figure('p95', t('p95'), time(p95Seconds), p95Seconds !== null && p95Seconds > 30 ? 'bad' : '', meanSeconds === null ? t('noData') : t('lastDay')),
  );
}

/** Shapes of what is to come, before the first answer. */
export function showFiguresLoading() {
  delete byId('figures').dataset['mark'];
  byId('figures').replaceChildren(...Array.from({ length: 6 }, () =>
    h('div', { class: 'figure skeleton', 'aria-hidden': 'true' }, h('dt', {}, ' '), h('dd', { class: 'value' }, ' '), h('dd', { class: 'note' }, ' '))));
}

/** @param {boolean} unknown @param {boolean} good @returns {Mood} */
function mood(unknown, good) {
  return unknown ? '' : good ? 'good' : 'bad';
}

/** @param {number | null} seconds */
function time(seconds) {
  return seconds === null ? '–' : duration(seconds);
}

/** @param {string} name @param {string} label @param {string} value @param {Mood} mood @param {...string} notes */
function figure(name, label, value, mood, ...notes) {
  const shown = h('dd', { class: 'value' }, value);
  // So many digits have to fit into the card; a Chinese character is as wide as nearly two.
  shown.style.setProperty('--length', String([...value].reduce((sum, c) => sum + (c > '\u2e7f' ? 1.6 : 1), 0)));
  return h('div', { class: `figure ${mood}`, 'data-figure': name }, h('dt', {}, label), shown, h('dd', { class: 'note' }, notes.join(' · ')));
}
