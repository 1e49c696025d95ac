// @ts-check
import { h } from './dom.js';
import { addressOf } from './query.js';

/** @typedef {import('./query.js').Query} Query */

/**
 * A link to the videos of a query: shown on this page, or in a tab of its own.
 *
 * @param {Query} query
 * @param {(query: Query) => void} reveal shows them
 * @param {string} text
 * @param {string} [label] what else is said to those who only hear it
 */
export function link(query, reveal, text, label) {
  return h('a', {
    href: addressOf(query), 'aria-label': label ? `${text}: ${label}` : null,
    click: (event) => {
      if (/** @type {MouseEvent} */ (event).ctrlKey || /** @type {MouseEvent} */ (event).metaKey) return;
      event.preventDefault();
      reveal(query);
    },
  }, text);
}
