// @ts-check
import { byId, h, redraw } from './dom.js';
import { duration, number, percent } from './format.js';
import { t } from './language.js';
import { link } from './link.js';
import { badClasses } from './query.js';

/** @typedef {import('./types').History} History */
/** @typedef {import('./types').Report} Report */
/** @typedef {import('./query.js').Query} Query */
/**
 * What the figures show of the report. `needsGenerationCount` counts finished videos without a picture, `dismissedCount` those that failed for good
 * and that a person took out of lists and rates. `successRateWithoutBadUploadsPercent` is the rate as if nobody had uploaded what cannot be used
 * (classes media and forbidden).
 *
 * @typedef {{ completedCount: number, failedCount: number, processingCount: number, pendingCount: number, needsGenerationCount: number,
 *   dismissedCount: number, successRatePercent: number | null, successRateWithoutBadUploadsPercent: number | null,
 *   avgGenerationTimeSeconds: number | null, lastDay: LastDay }} Health
 */
/**
 * By attempts, of the last 24 hours. `badUploads` are among `failed`.
 *
 * @typedef {{ meanSeconds: number | null, p95Seconds: number | null, completed: number, failed: number, badUploads: number,
 *   successRatePercent: number | null, successRateWithoutBadUploadsPercent: number | null }} LastDay
 */
/**
 * `kept`: finished results that the platform's own rules refuse for now.
 *
 * @typedef {{ due: number, leased: number, later: number, kept: number, oldestDueSeconds: number, overAnHour: number, expiredLeases: number }} Queue
 */
/** @typedef {{ lane: 0 | 1 | 2 | 3, due: number, oldestDueSeconds: number }} Lane What is due in a lane. */
/** @typedef {'' | 'good' | 'bad' | 'warn'} Mood */
/** @typedef {string | [string, Query]} Note A sentence, and the videos it counts. */

/**
 * What is now, what the last 24 hours were like, and what has been since the beginning: never one beside the other as if they were the same.
 *
 * @param {Report} report
 * @param {History | null} [history] by the hour
 * @param {(query: Query) => void} [reveal] shows the videos a figure counts
 */
export function showFigures(report, history, reveal) {
  const { health, queue } = report;
  const { lastDay } = health;
  const ended = health.completedCount + health.failedCount;
  const figures = byId('figures');
  figures.setAttribute('aria-busy', 'false');
  const hours = history?.slice(-2);
  /** @param {string} name @param {string} label @param {string} value @param {Mood} mood @param {Query | null} query @param {...Note} notes */
  const figure = (name, label, value, mood, query, ...notes) => card(name, label, value, mood, notes, query, reveal);
  const groups = [
    group('now', t('figuresTitle'),
      figure('processing', t('inFlight'), number(health.processingCount), queue.expiredLeases ? 'warn' : '', { state: 'processing' },
        queue.expiredLeases ? t('expired', { n: number(queue.expiredLeases) }) : t('allRenewed')),
      figure('pending', t('waiting'), number(health.pendingCount), queue.overAnHour ? 'bad' : '', { state: 'pending' },
        ...waits(report), ...(queue.kept ? [t('kept', { n: number(queue.kept) })] : [])),
      figure('failed', t('failed'), number(health.failedCount), report.exhaustedCount ? 'bad' : '', { state: 'failed' },
        health.failedCount === 0 ? t('noFailures') : report.exhaustedCount ? t('exhausted', { n: number(report.exhaustedCount) }) : t('willRetry'),
        ...(health.dismissedCount ? [/** @type {Note} */ ([t('dismissedToo', { n: number(health.dismissedCount) }), { state: 'dismissed' }])] : [])),
      hours?.length === 2 ? figure('throughput', t('throughput'), number(hours[1]?.completed ?? 0), '', { state: 'completed', within: '1h' }, t('hourBefore', { n: number(hours[0]?.completed ?? 0) })) : null),
    group('day', t('lastDay'),
      lastDay.completed === undefined ? null
        : figure('day-success', t('attemptRate'), share(lastDay.successRatePercent), '', { state: 'failed', within: '24h' },
          t('ofAttempts', { completed: number(lastDay.completed), ended: number(lastDay.completed + (lastDay.failed ?? 0)) })),
      lastDay.completed === undefined ? null
        : figure('day-sound', t('soundRate'), share(lastDay.successRateWithoutBadUploadsPercent),
          mood(lastDay.successRateWithoutBadUploadsPercent), null, lastDay.badUploads ? [t('badUploads', { n: number(lastDay.badUploads) }), { state: 'failed', class: badClasses, within: '24h' }] : t('badUploads', { n: 0 })),
      figure('day-mean', t('mean'), time(lastDay.meanSeconds), '', null, lastDay.meanSeconds === null ? t('noData') : t('fromClaim')),
      figure('p95', t('p95'), time(lastDay.p95Seconds), lastDay.p95Seconds !== null && lastDay.p95Seconds > 30 ? 'bad' : '', null, lastDay.p95Seconds === null ? t('noData') : t('fromClaim'))),
    group('ever', t('sinceEver'),
      figure('success', t('successRate'), share(health.successRatePercent), mood(health.successRatePercent), { state: 'failed' },
        ended ? t('ofEnded', { completed: number(health.completedCount), ended: number(ended) }) : t('noneEnded'), t('target')),
      health.successRateWithoutBadUploadsPercent === undefined ? null
        : figure('sound', t('soundRate'), share(health.successRateWithoutBadUploadsPercent), mood(health.successRateWithoutBadUploadsPercent), null, [t('soundWhy'), { state: 'failed', class: badClasses }]),
      figure('mean', t('mean'), time(health.avgGenerationTimeSeconds), '', null, health.avgGenerationTimeSeconds === null ? t('noData') : t('ofAll'))),
  ];
  // What looks the same stays, with the selection and the place of whoever reads it.
  if (figures.innerHTML !== groups.map((one) => one.outerHTML).join('')) redraw(figures, ...groups);
}

/** Shapes of what is to come, before the first answer. */
export function showFiguresLoading() {
  byId('figures').replaceChildren(h('div', { class: 'figures' }, ...Array.from({ length: 6 }, () =>
    h('div', { class: 'figure skeleton', 'aria-hidden': 'true' }, h('div', {}, ' '), h('div', { class: 'value' }, ' '), h('div', { class: 'note' }, ' ')))));
}

/** @param {Report} report @returns {string[]} how long what waits longest has been due, by lane where there is more than one */
function waits({ queue, lanes }) {
  const due = (lanes ?? []).filter((lane) => lane.oldestDueSeconds >= 1);
  if (due.length > 1) return due.map((lane) => t('oldestOf', { lane: t(`lane_${lane.lane}`), time: duration(lane.oldestDueSeconds) }));
  return [queue.oldestDueSeconds >= 1 ? t('oldest', { time: duration(queue.oldestDueSeconds) }) : t('nothingDue')];
}

/** @param {string} name @param {string} title @param {...(HTMLElement | null)} cards */
function group(name, title, ...cards) {
  const id = `figures-${name}`;
  return h('section', { 'aria-labelledby': id, class: 'figure-group' }, h('h2', { id }, title), h('dl', { class: 'figures' }, ...cards));
}

/** @param {number | null | undefined} rate @returns {Mood} */
function mood(rate) {
  return rate === null || rate === undefined ? '' : rate > 95 ? 'good' : 'bad';
}

/** @param {number | null | undefined} rate */
function share(rate) {
  return rate === null || rate === undefined ? '–' : percent(rate);
}

/** @param {number | null} seconds */
function time(seconds) {
  return seconds === null ? '–' : duration(seconds);
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} value
 * @param {Mood} mood
 * @param {Note[]} notes
 * @param {Query | null} query the videos it counts
 * @param {((query: Query) => void) | undefined} reveal
 */
function card(name, label, value, mood, notes, query, reveal) {
  const shown = h('dd', { class: 'value' }, value);
  // So many digits have to fit into the card; a Chinese character is as wide as nearly two.
  shown.style.setProperty('--length', String([...value].reduce((sum, c) => sum + (c > '\u2e7f' ? 1.6 : 1), 0)));
  /** @param {Note} note */
  const linked = (note) => (typeof note === 'string' ? note : reveal ? link(note[1], reveal, note[0]) : note[0]);
  return h('div', { class: `figure ${mood}`, 'data-figure': name }, h('dt', {}, linked(query ? [label, query] : label)), shown,
    h('dd', { class: 'note' }, ...notes.flatMap((note, n) => [n ? ' · ' : '', linked(note)])));
}
