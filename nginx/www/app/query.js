// @ts-check
import { clock } from './clock.js';

/**
 * What is looked for, as the page's address has it: it survives a reload and can be sent to somebody.
 *
 * @typedef {{ state?: string, text?: string, class?: string, reason?: string, host?: string, tenant?: string, within?: string, order?: string, after?: string, page?: string }} Query
 */
/** The classes whose fault is the file's or the URL's own. */
export const badClasses = 'media,forbidden';
const names = /** @type {const} */ (['state', 'text', 'class', 'reason', 'host', 'tenant', 'within', 'order', 'after', 'page']);
const states = ['recent', 'pending', 'processing', 'failed', 'completed', 'dismissed'];
const hours = /** @type {Record<string, number>} */ ({ '1h': 1, '24h': 24, '7d': 168 });

/** @returns {Query} */
export function readQuery() {
  const parameters = new URLSearchParams(location.search);
  /** @type {Query} */
  const query = {};
  for (const name of names) {
    const value = parameters.get(name);
    if (value) query[name] = value;
  }
  // A link that somebody wrote by hand stops nothing.
  if (query.state && !states.includes(query.state)) delete query.state;
  if (query.within && !hours[query.within]) delete query.within;
  if (query.order && !['newest', 'oldest'].includes(query.order)) delete query.order;
  if (query.after && !/^-?\d{1,18}~[0-9a-f-]{36}$/.test(query.after)) delete query.after;
  if (!query.after) delete query.page;
  return query;
}

/** @param {Query} query @returns {string} for a link to it */
export function addressOf(query) {
  const parameters = new URLSearchParams();
  for (const name of names) {
    const value = query[name];
    if (value && !(name === 'state' && value === 'recent')) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text ? `?${text}` : location.pathname;
}

/**
 * Makes it the page's address. A step back in the browser comes back to what was looked for before.
 *
 * @param {Query} query
 */
export function writeQuery(query) {
  history.pushState(null, '', addressOf(query) + location.hash);
}

/** @param {Query} query @returns {import('./types').Filter} which videos it means, as an operation has it */
export function filterOf({ state, text, class: name, reason, host, tenant, within }) {
  return {
    ...(state && state !== 'recent' ? { state } : {}),
    ...(text ? { text } : {}), ...(name ? { class: name } : {}), ...(reason ? { reason } : {}), ...(host ? { host } : {}), ...(tenant ? { tenant } : {}),
    ...(within ? { since: new Date(clock.now() - (hours[within] ?? 0) * 3_600_000).toISOString() } : {}),
  };
}

/** @param {Query} query @param {number} limit @returns {string} as the server has it */
export function requestOf(query, limit) {
  const { state = 'recent', ...filter } = filterOf(query);
  const parameters = new URLSearchParams({ videos: state, ...filter, limit: String(limit) });
  if (query.order) parameters.set('order', query.order);
  if (query.after) parameters.set('after', query.after);
  return `?${parameters}`;
}

/** @param {Query} query whether it is what happened last: a list that grows instead of having pages */
export function isLive({ state = 'recent', order, after, ...filter }) {
  return ['recent', 'completed'].includes(state) && !order && !after && Object.values(filter).every((value) => !value);
}
