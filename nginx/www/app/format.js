// @ts-check
import { clock } from './clock.js';
import { language, t } from './language.js';

/** @param {number} value @param {Intl.NumberFormatOptions} [options] */
export function number(value, options) {
  return new Intl.NumberFormat(language.locale, options).format(value);
}

/** @param {number} seconds as 35 ms, 1.2 s, 3 min, 2 h, 5 d */
export function duration(seconds) {
  /** @type {[number, string, number][]} */
  const units = [[86400, 'day', 0], [3600, 'hour', 0], [60, 'minute', 0], [1, 'second', seconds < 10 ? 1 : 0]];
  for (const [size, unit, digits] of units) {
    if (seconds >= size) {
      return number(seconds / size, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits });
    }
  }
  return number(Math.round(seconds * 1000), { style: 'unit', unit: 'millisecond', unitDisplay: 'short' });
}

/** @param {number} bytes as 820 B, 1.2 MB (powers of ten) */
export function bytes(bytes) {
  for (const [size, unit] of /** @type {[number, string][]} */ ([[1e9, 'gigabyte'], [1e6, 'megabyte'], [1e3, 'kilobyte']])) {
    if (bytes >= size) return number(bytes / size, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 });
  }
  return number(bytes, { style: 'unit', unit: 'byte', unitDisplay: 'short' });
}

/** @param {number} value in percent */
export function percent(value) {
  return number(value / 100, { style: 'percent', maximumFractionDigits: 2 });
}

/** @param {string | null} title @returns {string} what a video is called: where nothing of its title can be seen, that it has none */
export function named(title) {
  return title && /[^\p{C}\p{M}\p{Z}]/u.test(title) ? title : t('untitled');
}

/** @param {string | number | null} at as "5 min ago" or "in 20 min"; a dash for what is no time */
export function relative(at) {
  const seconds = (parse(at) - clock.now()) / 1000;
  if (!Number.isFinite(seconds)) return '–';
  const format = new Intl.RelativeTimeFormat(language.locale, { style: 'short', numeric: 'auto' });
  for (const [size, unit] of /** @type {[number, Intl.RelativeTimeFormatUnit][]} */ ([[86400, 'day'], [3600, 'hour'], [60, 'minute']])) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return Math.abs(seconds) < 5 ? t('now') : format.format(Math.round(seconds), 'second');
}

/** @param {string | number | null} at date and time in full */
export function absolute(at) {
  return time(at, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** @param {string | number | null} at @param {Intl.DateTimeFormatOptions} options */
export function time(at, options) {
  const date = parse(at);
  return Number.isFinite(date) ? new Intl.DateTimeFormat(language.locale, options).format(date) : '–';
}

/** @param {string | number | null} at @returns {number} milliseconds since 1970, or NaN */
function parse(at) {
  return at === null ? NaN : new Date(at).getTime();
}
