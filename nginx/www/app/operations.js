// @ts-check
import { api, Refused, Unreachable } from './api.js';
import { confirmed, isBeingAsked } from './confirm.js';
import { byId, h, keepingPlace } from './dom.js';
import { explained, serverSays } from './errors.js';
import { absolute, duration, number } from './format.js';
import { className, t } from './language.js';
import { token } from './token.js';

/** @typedef {import('./types').Filter} Filter */
/** @typedef {'retry' | 'dismiss' | 'restore' | 'cancel'} Operation */
/** @typedef {{ filter?: Filter, videoIds?: string[] }} Which */

const batch = 100;
/** Seconds between two attempts while nobody answers: a server that is started again is back within them. */
const waits = [1, 2, 4, 8, 15, 30];
let running = false;
/** @type {ReturnType<typeof setTimeout> | undefined} Takes the finished progress away. */
let away;

// What is half done stops with the page.
addEventListener('beforeunload', (event) => {
  if (running && byId('progress').querySelector('progress')) event.preventDefault();
});

/**
 * Does something to many videos, a hundred at a time, with visible progress: says how many first, and asks. It outlasts a server that does not
 * answer for a while; what breaks it off is said beside how far it came, with a button to go on.
 *
 * @param {Operation} operation
 * @param {Which} which a filter, or these
 * @param {() => void} changed called after each batch
 * @param {boolean} [isUndo] what a person takes back is not asked about
 * @returns {Promise<string>} what came of it, in words
 */
export async function operate(operation, which, changed, isUndo = false) {
  if (running) return refused();
  running = true;
  clearTimeout(away);
  const panel = byId('progress');
  const text = h('p', { role: 'status' }, t('counting'));
  keepingPlace(() => panel.replaceChildren(text));
  panel.hidden = false;
  try {
    const { before, remaining } = await api.operate({ operation, batch: 0, ...which });
    if (remaining === 0) {
      text.textContent = t('nothingToDo');
      ended(panel);
    } else if (!isUndo && isBeingAsked()) {
      text.textContent = t('questionOpen');
      ended(panel);
    } else if (isUndo || (await confirmed(t(`confirm_${operation}`, { n: number(remaining) }), t(`about_${operation}`), t(operation), described(which)))) {
      const bar = h('progress', { max: remaining, value: 0, 'aria-label': t(operation) });
      panel.prepend(bar);
      const problem = await goThrough({ operation, which, before, changed, panel, text, bar, done: 0, secret: token.value });
      return [text.textContent, problem].filter(Boolean).join(' ');
    } else {
      panel.hidden = true;
      return '';
    }
  } catch (problem) {
    text.textContent = serverSays(problem);
    text.classList.add('field-error');
    panel.append(h('p', { class: 'buttons' }, closeButton(panel)));
  } finally {
    running = false;
    forgetRefusal();
  }
  return text.textContent ?? '';
}

/** Only one thing is done at a time: whoever asks for another is told so, beside what is under way. @returns {string} in the same words */
function refused() {
  forgetRefusal();
  byId('progress').append(h('p', { class: 'hint refused', role: 'status' }, t('underWay')));
  return t('underWay');
}

function forgetRefusal() {
  byId('progress').querySelector('.refused')?.remove();
}

/**
 * One operation on its way.
 *
 * @typedef {{ operation: Operation, which: Which, before: string | undefined, changed: () => void, panel: HTMLElement, text: HTMLElement, bar: HTMLProgressElement, done: number, secret: string }} Course
 *
 * @param {Course} course
 * @returns {Promise<string>} what has broken it off, in words; nothing where it came to its end
 */
async function goThrough(course) {
  const { operation, which, before, changed, panel, text, bar, secret } = course;
  forgetRefusal();
  try {
    let answer;
    do {
      answer = await patiently(course, () => api.operate({ operation, batch, ...which, before }));
      course.done += answer.processed;
      const total = course.done + answer.remaining;
      bar.max = Math.max(1, total);
      bar.value = course.done;
      text.textContent = t(`progress_${operation}`, { done: number(course.done), total: number(total) });
      changed();
      // Whoever signs out wants no more of it.
    } while (answer.remaining > 0 && answer.processed > 0 && token.value === secret);
  } catch (problem) {
    const stop = h('div', {}, h('p', { class: 'field-error', role: 'alert' }, serverSays(problem)), h('p', { class: 'buttons' }, h('button', {
      type: 'button', 'data-name': 'go-on', click: () => {
        if (running) return;
        running = true;
        keepingPlace(() => stop.remove());
        void goThrough(course).finally(() => {
          running = false;
          forgetRefusal();
        });
      },
    }, t('goOn')), closeButton(panel)));
    panel.append(stop);
    return serverSays(problem);
  }
  text.textContent = [text.textContent, t(`end_${operation}`)].filter(Boolean).join(' ');
  ended(panel, operation === 'dismiss' && which.videoIds
    ? h('button', { type: 'button', class: 'secondary', 'data-name': 'undo', click: () => void operate('restore', which, changed, true) }, t('undo')) : null);
  return '';
}

/**
 * Asks again for a while where nobody answers, or the server says that it cannot just now: what was done already is not done twice.
 *
 * @template Answer
 * @param {Course} course
 * @param {() => Promise<Answer>} ask
 * @returns {Promise<Answer>}
 */
async function patiently({ panel, secret }, ask) {
  for (const seconds of waits) {
    let passing;
    try {
      return await ask();
    } catch (problem) {
      passing = problem;
      const isPassing = problem instanceof Unreachable || (problem instanceof Refused && (problem.status >= 500 || problem.status === 429));
      if (!isPassing || token.value !== secret) throw problem;
    }
    const said = h('p', { class: 'hint' }, t('unreachable', { time: duration(seconds) }));
    panel.append(said);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    said.remove();
    // Whoever has signed in meanwhile has not asked for it.
    if (token.value !== secret) throw passing;
  }
  return ask();
}

/** @param {HTMLElement} panel @param {HTMLElement | null} [button] */
function ended(panel, button = null) {
  panel.append(h('p', { class: 'buttons' }, button, closeButton(panel)));
  vanish(panel);
}

/**
 * After a while, and not from under the pointer.
 *
 * @param {HTMLElement} panel
 */
function vanish(panel) {
  away = setTimeout(() => (panel.matches(':hover, :focus-within') ? vanish(panel) : (panel.hidden = true)), 15_000);
}

/** @param {HTMLElement} panel */
function closeButton(panel) {
  return h('button', { type: 'button', class: 'quiet', 'data-name': 'close', click: () => keepingPlace(() => (panel.hidden = true)) }, t('close'));
}

/** @param {Which} which @returns {string} the filter in words, so that nobody takes one for another */
function described({ filter }) {
  if (!filter) return '';
  const { state, since, class: name, reason, ...others } = filter;
  return [...(since ? [t('changedSince', { time: absolute(since) })] : []), ...(name ? [name.split(',').map(className).join(', ')] : []), ...(reason ? [explained(reason)] : []), ...Object.values(others)].join(' · ');
}
