// @ts-check
import { byId, h } from './dom.js';
import { t } from './language.js';

/**
 * Asks before something is done to many videos.
 *
 * @param {string} title
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export function confirmed(title, text) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'));
  dialog.replaceChildren(
    h('form', { method: 'dialog' },
      h('h2', { id: 'confirm-title' }, title), h('p', {}, text),
      h('p', { class: 'buttons' },
        h('button', { value: '', class: 'secondary', autofocus: true }, t('cancel')),
        h('button', { value: 'go' }, t('confirmGo')))));
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'go'), { once: true }));
}
