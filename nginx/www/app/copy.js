// @ts-check
import { h } from './dom.js';
import { t } from './language.js';

/**
 * A button that copies a text.
 *
 * @param {string} text
 * @param {string} what names it to those who do not see where the button stands
 */
export function copyButton(text, what) {
  const button = h('button', { type: 'button', class: 'quiet inline', 'aria-label': t('copyWhat', { what }), 'data-name': `copy ${what}` }, t('copy'));
  button.onclick = async () => {
    button.textContent = t((await copied(text, button)) ? 'copied' : 'notCopied');
    setTimeout(() => (button.textContent = t('copy')), 2000);
  };
  return button;
}

/** @param {string} text @param {HTMLElement} place where a field may stand for a moment @returns {Promise<boolean>} */
async function copied(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https there is no clipboard but this way.
    const field = h('textarea', { 'aria-hidden': 'true' });
    field.value = text;
    place.after(field);
    field.select();
    const isDone = document.execCommand('copy');
    field.remove();
    place.focus();
    return isDone;
  }
}
