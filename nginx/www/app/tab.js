// @ts-check
import { t } from './language.js';

/** @typedef {'' | 'warning' | 'error'} Trouble */

/**
 * Tells trouble where the tab alone is seen: by its title and its icon.
 *
 * @param {Trouble} trouble
 * @param {number} count how many things are wrong
 */
export function showTab(trouble, count) {
  const title = count ? `(${count}) ${t('title')}` : t('title');
  if (document.title !== title) document.title = title;
  const link = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=icon]'));
  const file = trouble ? `icon-${trouble}.svg` : 'icon.svg';
  if (link.getAttribute('href') !== file) link.setAttribute('href', file);
}
