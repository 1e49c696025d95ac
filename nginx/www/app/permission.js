// @ts-check
import { t } from './language.js';

/** @type {import('./types').Report['caller'] | null} */
let caller = null;

export const permission = {
  /** Whether the secret may do anything but look. */
  get mayAct() {
    return caller !== 'status';
  },
  /** Whether the server has said whose it is: until then nothing is said to be refused. */
  get isKnown() {
    return caller !== null;
  },
  /** Whether it is the platform's own. */
  get isService() {
    return caller === 'service';
  },
  /** @param {import('./types').Report['caller'] | null} who as the server has it; null for nobody yet */
  set caller(/** @type {import('./types').Report['caller'] | null} */ who) {
    caller = who;
  },
};

/**
 * Greys what would be refused, with the reason. What acts says so by `data-acts`.
 *
 * @param {ParentNode} root
 */
export function showPermission(root) {
  for (const element of root.querySelectorAll('[data-acts]')) {
    const button = /** @type {HTMLButtonElement} */ (element);
    if (!permission.mayAct) {
      button.disabled = true;
      button.title = t('looksOnly');
    } else if (button.title === t('looksOnly')) {
      button.disabled = false;
      button.title = '';
    }
  }
}
