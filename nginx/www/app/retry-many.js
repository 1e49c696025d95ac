// @ts-check
import { api } from './api.js';
import { confirmed } from './confirm.js';
import { byId, h } from './dom.js';
import { serverSays } from './errors.js';
import { number } from './format.js';
import { t } from './language.js';
import { token } from './token.js';

const batch = 100;
let running = false;
/** @type {ReturnType<typeof setTimeout> | undefined} Takes the finished progress away. */
let away;

/**
 * Starts failed videos again, a hundred at a time, with visible progress, once the person has said yes.
 *
 * @param {{ error?: string, class?: string }} which only those that failed with this text and class
 * @param {number} count how many there seem to be
 * @param {() => void} changed called after each batch
 */
export async function retryMany(which, count, changed) {
  if (running) return;
  const title = t(which.error === undefined ? 'confirmAllTitle' : 'confirmSomeTitle', { n: number(count) });
  if (!(await confirmed(title, t('confirmText')))) return;
  running = true;
  clearTimeout(away);
  const secret = token.value;
  const panel = byId('retry-progress');
  const bar = h('progress', { max: count, 'aria-label': t('retrying') });
  const text = h('p', { role: 'status' }, t('retrying'));
  panel.replaceChildren(bar, text);
  panel.hidden = false;
  let done = 0;
  /** @type {string | undefined} */
  let before;
  try {
    for (;;) {
      // Whoever signs out wants no more of it.
      if (token.value !== secret) break;
      const answer = await api.retryFailed(batch, { ...which, ...(before ? { before } : {}) });
      done += answer.processed;
      before = answer.before;
      const total = done + answer.remaining;
      bar.max = Math.max(1, total);
      bar.value = done;
      const end = answer.remaining === 0 || answer.processed === 0;
      text.textContent = t(end ? 'progressEnd' : 'progressText', { done: number(done), total: number(total) });
      changed();
      if (end) break;
    }
    away = setTimeout(() => (panel.hidden = true), 8000);
  } catch (problem) {
    text.textContent = serverSays(problem);
    text.classList.add('field-error');
  } finally {
    running = false;
  }
}
