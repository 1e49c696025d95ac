// @ts-check
import { byId } from './dom.js';
import { Kept } from './kept.js';
import { t } from './language.js';

const kept = new Kept(() => localStorage, 'thumbnails-keys');
let areOff = kept.value === 'off';

/**
 * Keys that do something by themselves. They can be switched off: who speaks to the computer, say, presses them without meaning to.
 *
 * @param {Record<string, () => void>} acts what each key does
 */
export function watchKeys(acts) {
  addEventListener('keydown', (event) => {
    const act = acts[event.key];
    // What is asked stands over what the keys would change.
    if (/** @type {HTMLDialogElement} */ (byId('confirm')).open) return;
    if (areOff || !act || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    // Who types means letters.
    if (event.target instanceof HTMLElement && event.target.matches('input:not([type=checkbox], [type=range]), select, textarea')) return;
    event.preventDefault();
    act();
  });
  byId('keys').addEventListener('click', () => {
    areOff = !areOff;
    kept.value = areOff ? 'off' : 'on';
    showKeys();
  });
}

/** Which there are, in the words of the language. */
export function showKeys() {
  byId('keys').textContent = t(areOff ? 'keysOff' : 'keysOn');
  byId('keys-what').textContent = areOff ? '' : t('keys');
}
