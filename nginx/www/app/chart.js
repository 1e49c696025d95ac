// @ts-check
import { byId, h, redraw, svg } from './dom.js';
import { number, time } from './format.js';
import { t } from './language.js';

/** @typedef {import('./types').History} History */
/** @typedef {import('./types').Hour} Hour */

const height = 200;
const margin = { top: 10, right: 4, bottom: 24, left: 44 };
/** @type {History | null} */
let shown = null;
/** @type {boolean} */
let tableOpen = false;

/** @param {History} hours */
export function showChart(hours) {
  if (JSON.stringify(hours) === JSON.stringify(shown) && byId('chart').dataset['lang'] === document.documentElement.lang) return;
  shown = hours;
  draw();
}

/** Forgets what was shown. */
export function clearChart() {
  shown = null;
  byId('chart').replaceChildren();
}

new ResizeObserver(() => shown && draw()).observe(byId('chart'));

function draw() {
  const hours = shown ?? [];
  const chart = byId('chart');
  chart.dataset['lang'] = document.documentElement.lang;
  const completed = sum(hours, 'completed');
  const failed = sum(hours, 'failed');
  if (completed + failed === 0) {
    chart.replaceChildren(h('p', { class: 'empty' }, t('chartEmpty')));
    return;
  }
  redraw(chart,
    h('ul', { class: 'legend' },
      h('li', {}, h('span', { class: 'key completed' }), `${number(completed)} ${t('chartCompleted')}`),
      h('li', {}, h('span', { class: 'key failed' }), `${number(failed)} ${t('chartFailed')}`)),
    bars(hours, t('chartLabel', { completed: number(completed), failed: number(failed) })),
    table(hours),
  );
}

/** @param {History} hours @param {string} label */
function bars(hours, label) {
  const width = Math.max(260, byId('chart').clientWidth);
  const inner = width - margin.left - margin.right;
  const tall = height - margin.top - margin.bottom;
  const top = ceiling(Math.max(...hours.map((hour) => hour.completed + hour.failed)));
  const step = inner / hours.length;
  /** @param {number} value */
  const y = (value) => margin.top + tall * (1 - value / top);
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label });
  for (const tick of top % 2 ? [0, top] : [0, top / 2, top]) {
    picture.append(svg('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
      svg('text', { class: 'tick', x: margin.left - 6, y: y(tick) + 4, 'text-anchor': 'end' }, number(tick, { notation: 'compact' })));
  }
  hours.forEach((hour, index) => {
    const x = margin.left + index * step;
    const gap = step > 8 ? 2 : 0.5;
    const column = svg('g', { class: 'column' },
      svg('title', {}, `${hourName(hour, hours.length)}: ${number(hour.completed)} ${t('chartCompleted')}, ${number(hour.failed)} ${t('chartFailed')}`),
      svg('rect', { class: 'hit', x, y: margin.top, width: step, height: tall }));
    /** @param {string} kind @param {number} from @param {number} value */
    const bar = (kind, from, value) => {
      if (value <= 0) return 0;
      // A single failure among thousands is still seen.
      const high = Math.max(2, (tall * value) / top);
      column.append(svg('rect', { class: kind, x: x + gap, width: Math.max(1, step - 2 * gap), y: margin.top + tall - from - high, height: high }));
      return high;
    };
    bar('failed', bar('completed', 0, hour.completed), hour.failed);
    picture.append(column);
    const name = tickName(hour, hours.length, index, width < 500);
    if (name) {
      // The last one ends where the picture does.
      const isAtEnd = x + step / 2 > width - 24;
      picture.append(svg('text', { class: 'tick', x: isAtEnd ? width : x + step / 2, y: height - 6, 'text-anchor': isAtEnd ? 'end' : 'middle' }, name));
    }
  });
  return picture;
}

/** @param {History} hours */
function table(hours) {
  const details = h('details', { class: 'as-table' }, h('summary', {}, t('chartTable')));
  details.open = tableOpen;
  details.addEventListener('toggle', () => (tableOpen = details.open));
  const rows = hours.filter((hour) => hour.completed + hour.failed > 0).map((hour) =>
    h('tr', {}, h('th', { scope: 'row' }, hourName(hour, 168)), h('td', {}, number(hour.completed)), h('td', {}, number(hour.failed))));
  details.append(h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('chartTable') }, h('table', {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('hour')), h('th', { scope: 'col' }, t('chartCompleted')), h('th', { scope: 'col' }, t('chartFailed')))),
    h('tbody', {}, ...rows))));
  return details;
}

/** @param {Hour} hour @param {number} count of hours in the chart */
function hourName(hour, count) {
  const clock = { hour: /** @type {const} */ ('2-digit'), minute: /** @type {const} */ ('2-digit') };
  return time(hour.hour, count > 24 ? { ...clock, weekday: 'short', day: 'numeric' } : clock);
}

/**
 * @param {Hour} hour
 * @param {number} count of hours in the chart
 * @param {number} index
 * @param {boolean} isNarrow
 * @returns {string | null} what stands below it, where anything does
 */
function tickName(hour, count, index, isNarrow) {
  const local = new Date(hour.hour).getHours();
  if (count > 24) return local === 0 && (!isNarrow || index % 48 < 24) ? time(hour.hour, { weekday: 'short', day: 'numeric' }) : null;
  return local % (isNarrow ? 8 : 4) === 0 && index > 0 ? time(hour.hour, { hour: '2-digit', minute: '2-digit' }) : null;
}

/** @param {History} hours @param {'completed' | 'failed'} field */
function sum(hours, field) {
  return hours.reduce((total, hour) => total + hour[field], 0);
}

/** @param {number} value @returns {number} the next of 1, 2, 4, 5, 10, 20, 40, 50 … */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 4, 5, 10].map((factor) => factor * power).find((round) => round >= value) ?? 10 * power;
}
