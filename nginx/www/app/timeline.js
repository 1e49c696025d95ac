// @ts-check
import { api, Refused } from './api.js';
import { chooser } from './choose.js';
import { copyButton } from './copy.js';
import { byId, h, tell } from './dom.js';
import { explained, serverSays } from './errors.js';
import { eventItem } from './events.js';
import { facts, isDue, stages } from './facts.js';
import { named, relative } from './format.js';
import { shownStatus } from './gallery.js';
import { className, lookUp, t } from './language.js';
import { operate } from './operations.js';
import { pause } from './pause.js';
import { permission, showPermission } from './permission.js';
import { released } from './press.js';

/** @typedef {import('./types').Timeline} Timeline */
/** @typedef {import('../elements/video-thumbnail.js').VideoThumbnailElement} VideoThumbnailElement */

const dialog = /** @type {HTMLDialogElement} */ (byId('timeline'));
const told = /** @type {Element} */ (dialog.firstElementChild);
/** @type {string | null} */
let shownId = null;
let shownMark = '';
/** @type {string} What came of the retry button, in words. */
let outcome = '';
/** Whether the end of a retry is awaited. */
let isRetried = false;

let keepsAddress = false;

dialog.addEventListener('close', () => {
  shownId = null;
  if (keepsAddress) keepsAddress = false;
  else if (location.hash.startsWith('#video=')) history.replaceState(null, '', location.pathname + location.search);
});
/** @type {EventTarget | null} Where the press began: who selects a text and lets go beside the dialog wants to read on. */
let pressed = null;
dialog.addEventListener('pointerdown', ({ target }) => (pressed = target));
dialog.addEventListener('click', (event) => {
  if (event.target === dialog && pressed === dialog) dialog.close();
});

/**
 * Closes it and forgets what it showed.
 *
 * @param {boolean} keeps whether the address still names the video
 */
export function closeTimeline(keeps) {
  shownMark = '';
  keepsAddress = keeps && dialog.open;
  dialog.close();
  fill('');
}

/** @param {string} text what is read out @param {...Element} children what is seen */
function fill(text, ...children) {
  while (told.nextSibling) told.nextSibling.remove();
  told.after(...children);
  tell(told, text);
}

/** @param {string} text */
export function isVideoId(text) {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** @returns {string | null} the video the address names */
function videoInAddress() {
  const id = location.hash.match(/^#video=(.*)$/)?.[1];
  return id && isVideoId(id) ? id.toLowerCase() : null;
}

/**
 * Opens, refreshes or closes the dialog, as the address says.
 *
 * @param {() => void} changed called when something was started again
 */
export async function showTimeline(changed) {
  const id = videoInAddress();
  if (!id) {
    if (dialog.open) dialog.close();
    return;
  }
  if (id !== shownId) {
    shownId = id;
    shownMark = outcome = '';
    isRetried = false;
    say(t('connecting'), id);
    if (!dialog.open) dialog.showModal();
  }
  /** @type {Timeline} */
  let video;
  try {
    video = await api.timeline(id);
  } catch (error) {
    const isGone = error instanceof Refused && error.status === 404;
    // What is known stays; what never came is said here, where the notices of the page cannot be reached.
    if (shownId === id && (isGone || !dialog.querySelector('.timeline'))) {
      say(isGone ? t('notFound') : error instanceof Refused ? serverSays(error) : t('unreachableShort'), id);
    }
    if (error instanceof Refused) return;
    throw error;
  }
  await released();
  if (shownId === id) show(video, changed);
}

/**
 * One sentence and a way out, instead of a video.
 *
 * @param {string} text
 * @param {string} id
 */
function say(text, id) {
  if (shownMark === text) return;
  shownMark = text;
  const focused = dialog.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset['name'] : undefined;
  const out = ways();
  fill(text, h('div', { class: 'head' }, h('h2', { id: 'timeline-title' }, text), out), h('p', { class: 'mono' }, id));
  const buttons = [...out.children].map((button) => /** @type {HTMLButtonElement} */ (button));
  // Who goes from one to the next stays on the button.
  (buttons.find((button) => button.dataset['name'] === focused && !button.disabled) ?? buttons.at(-1))?.focus();
}

/** @param {Timeline} video @param {() => void} changed */
function show(video, changed) {
  if (isRetried && (video.status === 'completed' || video.status === 'failed')) {
    outcome = video.status === 'completed' ? t('retryDone') : t('retryFailedAgain', { error: explained(video.error ?? '') });
    isRetried = false;
  }
  const mark = JSON.stringify(video) + outcome + document.documentElement.lang + isDue(video) + permission.isKnown + permission.isService;
  if (mark === shownMark) {
    for (const element of dialog.querySelectorAll('time')) element.textContent = relative(element.dateTime);
    return;
  }
  shownMark = mark;
  const { scrollTop } = dialog;
  const active = /** @type {HTMLElement} */ (document.activeElement);
  const focused = active.dataset['name'];
  const picture = /** @type {VideoThumbnailElement} */ (document.createElement('video-thumbnail'));
  picture.lang = document.documentElement.lang;
  picture.src = video.thumbnailUrl;
  picture.alt = video.title ?? '';
  picture.status = shownStatus(video);
  picture.quiet = true;
  fill(outcome,
    h('div', { class: 'head' }, h('h2', { id: 'timeline-title', dir: 'auto', title: video.title }, named(video.title)), ways()),
    h('div', { class: 'timeline' },
      h('div', { class: 'side' }, picture, h('p', { class: 'acts' }, retryButton(video, changed), ...operationButtons(video, changed)), h('p', { class: 'hint', 'aria-hidden': 'true' }, outcome), facts(video, (tenant) => pauseButton(tenant, video.id, changed)), wholeURL(video)),
      h('div', { class: 'life' },
        video.error ? h('p', { class: 'notice error', dir: 'auto', title: video.error }, `${explained(video.error)} · ${t('class')} ${className(video.class)} `, copyButton(video.error, t('whyFailed'))) : null,
        video.status === 'failed' && !video.dismissed ? h('p', { class: 'remedy' }, h('strong', {}, t('whatToDo')), ' ', lookUp(`remedy_${video.class}`, 'remedy_unknown')) : null,
        video.dismissed ? h('p', { class: 'notice told' }, t('isDismissed')) : null,
        chooser(video, changed),
        stages(video.metadata),
        h('h3', {}, t('history')),
        video.events.length
          ? h('ol', { class: 'events' }, ...video.events.map(eventItem))
          : h('p', { class: 'empty' }, t('noEvents')))));
  showPermission(dialog);
  const names = [...dialog.querySelectorAll('[data-name]')].map((element) => /** @type {HTMLElement} */ (element));
  const target = dialog.contains(active) ? active : names.find((element) => element.dataset['name'] === focused) ?? names.find((element) => element.dataset['name'] === 'close');
  target?.focus({ preventScroll: true });
  dialog.scrollTop = scrollTop;
}

/** @param {Timeline} video @param {() => void} changed */
function operationButtons(video, changed) {
  /** @type {['dismiss' | 'restore' | 'cancel', boolean][]} */
  const operations = [['dismiss', video.canDismiss], ['restore', video.dismissed], ['cancel', video.canCancel]];
  return operations.filter(([, is]) => is).map(([operation]) =>
    h('button', { type: 'button', class: 'secondary', 'data-acts': true, 'data-name': operation, click: () => void operate(operation, { videoIds: [video.id] }, changed).then((said) => {
      if (shownId !== video.id) return;
      outcome = said;
      shownMark = '';
      changed();
    }) }, t(operation)));
}

/**
 * The whole URL, once somebody asks for it who may see it: it may be signed.
 *
 * @param {Timeline} video
 */
function wholeURL(video) {
  if (!video.sourceHost || !permission.isKnown) return null;
  const place = h('p', { class: 'mono' });
  const button = h('button', { type: 'button', class: 'quiet', 'data-name': 'url', disabled: !permission.isService, title: permission.isService ? null : t('urlNeedsKey') }, t('wholeURL'));
  button.onclick = () => {
    button.disabled = true;
    void api.sourceURL(video.id).then((url) => place.replaceChildren(...(url ? [url, ' ', copyButton(url, 'URL')] : ['–'])), (error) => {
      button.disabled = false;
      place.textContent = serverSays(error);
    });
  };
  return h('div', { class: 'whole-url' }, button, permission.isService ? null : h('p', { class: 'hint' }, t('urlNeedsKey')), place);
}

/** To the videos before and after it in the list, and out. */
function ways() {
  return h('div', { class: 'ways' }, ...(/** @type {const} */ ([['previous', -1, '‹'], ['next', 1, '›']])).map(([name, step, sign]) => h('button', {
    type: 'button', class: 'quiet', 'data-name': name, 'aria-label': t(`${name}Video`), title: t(`${name}Video`), disabled: !neighbour(step), click: () => goTo(step),
  }, sign)), closeButton());
}

/** @param {1 | -1} step @returns {string | undefined} */
function neighbour(step) {
  const ids = [...byId('gallery').children].map((card) => /** @type {HTMLElement} */ (card).dataset['key']);
  const place = ids.indexOf(shownId ?? '');
  return place < 0 ? undefined : ids[place + step];
}

/**
 * Shows the video after (1) or before (-1) the one that is shown, as the list has them. Nothing happens where there is none.
 *
 * @param {1 | -1} step
 */
export function goTo(step) {
  const id = dialog.open ? neighbour(step) : undefined;
  // One step back in the browser is back in the list.
  if (id) location.replace(`#video=${id}`);
}

function closeButton() {
  return h('button', { type: 'button', class: 'secondary', 'data-name': 'close', autofocus: true, click: () => dialog.close() }, t('close'));
}

/** @param {Timeline} video @param {() => void} changed */
function retryButton(video, changed) {
  if (!video.canRestart) return null;
  const button = h('button', { type: 'button', 'data-name': 'retry', 'data-acts': true }, t('retry'));
  button.onclick = async () => {
    button.disabled = true;
    outcome = t('retrying');
    let said = t('retried');
    let isStarted = true;
    try {
      await api.retry(video.id);
    } catch (error) {
      said = serverSays(error);
      isStarted = false;
    }
    // Another video may be shown by now: what came of this one is not its business.
    if (shownId === video.id) {
      outcome = said;
      isRetried = isStarted;
      shownMark = '';
    }
    changed();
  };
  return button;
}

/** @param {string} tenant @param {string} id @param {() => void} changed */
function pauseButton(tenant, id, changed) {
  return h('button', { type: 'button', class: 'quiet inline', 'data-acts': true, 'data-name': 'pause', 'aria-label': `${t('uploader')}: ${t('pause')}`, click: () => void pause(changed, (text) => {
    if (shownId !== id) return;
    outcome = text;
    shownMark = '';
    changed();
  }, tenant) }, t('pause'));
}
