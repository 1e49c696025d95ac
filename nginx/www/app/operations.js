// @ts-check
import { api } from './api.js';
import { confirmed } from './confirm.js';
import { byId, h } from './dom.js';
import { serverSays } from './errors.js';
import { number } from './format.js';
import { t } from './language.js';
import { token } from './token.js';

/** @typedef {import('./types').Filter} Filter */
/** @typedef {'retry' | 'dismiss' | 'restore' | 'cancel'} Operation */
/** @typedef {{ filter?: Filter, videoIds?: string[] }} Which */

const batch = 100;
let running = false;
/** @type {ReturnType<typeof setTimeout> | undefined} Takes the finished progress away. */
let away;

/**
 * Does something to many videos, a hundred at a time, with visible progress: says how many first, and asks.
 *
 * @param {Operation} operation
 * @param {Which} which a filter, or these
 * @param {() => void} changed called after each batch
 * @param {boolean} [isUndo] what a person takes back is not asked about
 * @returns {Promise<string>} what came of it, in words
 */
export async function operate(operation, which, changed, isUndo = false) {
  if (running) return '';
  running = true;
  clearTimeout(away);
  const secret = token.value;
  const panel = byId('progress');
  const text = h('p', { role: 'status' }, t('counting'));
  panel.replaceChildren(text);
  panel.hidden = false;
  try {
    let answer = await api.operate({ operation, batch: 0, ...which });
    const { before } = answer;
    let total = answer.remaining;
    if (total === 0) {
      text.textContent = t('nothingToDo');
    } else if (isUndo || (await confirmed(t(`confirm_${operation}`, { n: number(total) }), t(`about_${operation}`), t(operation)))) {
      const bar = h('progress', { max: total, 'aria-label': t(operation) });
      panel.prepend(bar);
      let done = 0;
      do {
        answer = await api.operate({ operation, batch, ...which, before });
        done += answer.processed;
        total = done + answer.remaining;
        bar.max = Math.max(1, total);
        bar.value = done;
        text.textContent = t(`progress_${operation}`, { done: number(done), total: number(total) });
        changed();
        // Whoever signs out wants no more of it.
      } while (answer.remaining > 0 && answer.processed > 0 && token.value === secret);
      text.textContent = [text.textContent, t(`end_${operation}`)].filter(Boolean).join(' ');
      if (operation === 'dismiss' && which.videoIds) {
        panel.append(h('p', {}, h('button', { type: 'button', class: 'secondary', 'data-name': 'undo', click: () => void operate('restore', which, changed, true) }, t('undo'))));
      }
    } else {
      panel.hidden = true;
      return '';
    }
    away = setTimeout(() => (panel.hidden = true), 15_000);
  } catch (problem) {
    text.textContent = serverSays(problem);
    text.classList.add('field-error');
  } finally {
    running = false;
  }
  return text.textContent ?? '';
}
