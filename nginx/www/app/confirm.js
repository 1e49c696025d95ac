// @ts-check
import { byId, h } from './dom.js';
import { t } from './language.js';
import { nameField } from './person.js';

/**
 * Asks before something is done to many videos.
 *
 * @param {string} title
 * @param {string} text
 * @param {string} go what the button that does it says
 * @param {string} which of them
 * @returns {Promise<boolean>}
 */
export function confirmed(title, text, go, which) {
  return asked(title, go, ...(which ? [h('p', { class: 'which', dir: 'auto' }, which)] : []), h('p', {}, text), nameField());
}

let isAsking = false;

/** Whether a question is open: another one would take its place, and both would get the one answer. */
export function isBeingAsked() {
  return isAsking;
}

/**
 * Asks with fields of its own.
 *
 * @param {string} title
 * @param {string} go what the button that does it says
 * @param {...Node} content
 * @returns {Promise<boolean>} whether the person wants it
 */
export function asked(title, go, ...content) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'));
  dialog.replaceChildren(
    h('form', { method: 'dialog' },
      h('h2', { id: 'confirm-title' }, title), ...content,
      h('p', { class: 'buttons' },
        h('button', { type: 'button', class: 'secondary', autofocus: true, click: () => dialog.close('') }, t('cancelDialog')),
        h('button', { value: 'go' }, go))));
  dialog.returnValue = '';
  dialog.showModal();
  isAsking = true;
  return new Promise((resolve) => dialog.addEventListener('close', () => {
    isAsking = false;
    resolve(dialog.returnValue === 'go');
  }, { once: true }));
}
