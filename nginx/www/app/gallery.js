// @ts-check
import { api } from './api.js';
import { byId, h, keyed } from './dom.js';
import { explained, serverSays } from './errors.js';
import { named, relative } from './format.js';
import { lookUp, t } from './language.js';
import { permission } from './permission.js';

/** @typedef {import('./types').Video} Video */
/** @typedef {import('../elements/video-thumbnail.js').VideoThumbnailElement} VideoThumbnailElement */

/**
 * @param {Video[]} videos
 * @param {Set<string>} chosen ids of those a person has chosen
 * @param {Set<string>} left ids of those that are no longer in the list, and stand there because somebody is at them
 * @param {boolean} isFiltered
 * @param {() => void} changed called when something was started again
 */
export function showGallery(videos, chosen, left, isFiltered, changed) {
  const list = byId('gallery');
  list.setAttribute('aria-busy', 'false');
  const empty = byId('gallery-empty');
  empty.hidden = videos.length > 0;
  empty.textContent = t(isFiltered ? 'emptyState' : 'emptyAll');
  keyed(list, videos, (video) => video.id, (video) => makeCard(video, changed), (card, video) => updateCard(card, video, chosen.has(video.id), left.has(video.id)));
}

/**
 * What the element shows of a video: its state, or what its thumbnail says where nothing has been recorded.
 *
 * @param {Video} video
 */
export function shownStatus(video) {
  return video.status ?? (video.hasThumbnail ? 'completed' : 'pending');
}

/** Shapes of what is to come, before the first answer. */
export function showGalleryLoading() {
  byId('gallery').setAttribute('aria-busy', 'true');
  byId('gallery').replaceChildren(...Array.from({ length: 8 }, () => h('li', { class: 'video skeleton', 'aria-hidden': 'true' }, h('div', { class: 'blank' }))));
}

/** Instead of a list that could not be had. */
export function showGalleryMissing() {
  byId('gallery').replaceChildren();
  byId('gallery').setAttribute('aria-busy', 'false');
  byId('gallery-empty').hidden = false;
  byId('gallery-empty').textContent = t('notLoaded');
}

/** @param {Video} video @param {() => void} changed */
function makeCard(video, changed) {
  const picture = document.createElement('video-thumbnail');
  picture.addEventListener('retry', () => {
    const element = /** @type {VideoThumbnailElement} */ (picture);
    element.status = 'pending';
    said.textContent = '';
    void api.retry(video.id).then(changed, (error) => {
      said.textContent = serverSays(error);
      changed();
    });
  });
  const said = h('p', { class: 'field-error', role: 'alert' });
  return h('li', { class: 'video' }, picture,
    h('a', { class: 'title', href: `#video=${video.id}`, dir: 'auto' }),
    h('p', { class: 'hint' }), h('p', { class: 'reason', dir: 'auto' }), said,
    h('label', { class: 'choose' }, h('input', { type: 'checkbox', name: 'choose', value: video.id })));
}

/** @param {HTMLElement} card @param {Video} video @param {boolean} isChosen @param {boolean} isGone */
function updateCard(card, video, isChosen, isGone) {
  const [picture, title, hint, reason, said, choose] = /** @type {[VideoThumbnailElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement]} */ ([...card.children]);
  card.dataset['status'] = video.status ?? 'none';
  card.classList.toggle('gone', isGone);
  const name = named(video.title);
  picture.lang = document.documentElement.lang;
  picture.status = shownStatus(video);
  picture.quiet = !video.canRestart || !permission.mayAct || isGone;
  picture.src = video.thumbnailUrl;
  picture.alt = name;
  const why = video.status === 'failed' ? explained(video.error || t('unknownReason')) : '';
  reason.textContent = why;
  // Why it was not started again is over once it was.
  if (video.status !== 'failed') said.textContent = '';
  reason.title = why;
  title.textContent = name;
  hint.textContent = [
    isGone ? t('goneFromList') : video.dismissed ? t('dismissed') : lookUp(`state_${video.status}`, 'state_none'),
    // The time that lists are in the order of.
    relative((video.status === 'completed' ? video.generatedAt : null) ?? video.lastAttemptAt ?? video.startedAt ?? video.createdAt),
  ].join(' · ');
  const box = /** @type {HTMLInputElement} */ (choose.firstElementChild);
  box.checked = isChosen;
  box.setAttribute('aria-label', t('choose', { title: name }));
  choose.hidden = !permission.mayAct;
}
