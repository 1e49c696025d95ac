// @ts-check
import { api } from './api.js';
import { h } from './dom.js';
import { explained, serverSays } from './errors.js';
import { duration } from './format.js';
import { t } from './language.js';
import { permission } from './permission.js';

/** @typedef {import('./types').Timeline} Timeline */
/** @typedef {import('./types').Candidate} Candidate */

const count = 6;
/** @type {{ mark: string, element: HTMLElement, update: (video: Timeline) => void } | null} The one that is shown: what somebody has begun there stays when the video is shown anew. */
let shown = null;

/**
 * Where another picture of a video is chosen: one of the best, or a second. The one that is there stays until the new one is made.
 *
 * @param {Timeline} video
 * @param {() => void} changed called when a new one has been made
 */
export function chooser(video, changed) {
  if (!video.hasThumbnail || !video.sourceHost || !permission.isKnown) return null;
  const mark = `${video.id} ${document.documentElement.lang} ${permission.isService}`;
  if (shown?.mark !== mark) shown = { mark, ...(permission.isService ? make(video, changed) : { element: refused(), update: () => {} }) };
  shown.update(video);
  return shown.element;
}

/** Greyed, with the reason. */
function refused() {
  return h('details', { class: 'chooser' }, h('summary', {}, t('chooseTitle')), h('p', { class: 'hint' }, t('chooseNeedsKey')),
    h('p', {}, h('button', { type: 'button', class: 'secondary', disabled: true, title: t('chooseNeedsKey') }, t('chooseLook'))));
}

/** @param {Timeline} video @param {() => void} changed */
function make(video, changed) {
  let now = video;
  const { timestampSeconds, durationSeconds } = video.metadata;
  const last = durationSeconds ?? 3600;
  const place = h('input', { id: 'choose-second', type: 'number', min: 0, max: last, step: 'any', value: timestampSeconds ?? 0 });
  const slider = h('input', { type: 'range', min: 0, max: last, step: Math.max(0.04, last / 1000), value: timestampSeconds ?? 0, 'aria-label': t('chooseSecond'), hidden: !durationSeconds });
  const said = h('p', { role: 'status', class: 'hint' });
  const sides = h('div', { class: 'sides' });
  const list = h('ul', { class: 'candidates' });
  const take = h('button', { type: 'button', 'data-name': 'take' }, t('chooseTake'));
  const open = h('button', { type: 'button', class: 'secondary', 'data-name': 'open' }, t('chooseOpen'));
  const look = h('button', { type: 'button', class: 'secondary', 'data-name': 'candidates' }, t('chooseLook'));
  const film = h('video', { muted: true, playsinline: true, preload: 'auto', tabindex: -1 });
  /** @type {Promise<string | null> | undefined} the whole URL, once it is needed */
  let source;
  const url = () => (source ??= api.sourceURL(video.id).then(fetchable).catch((error) => {
    // The next time it is asked for again.
    source = undefined;
    throw error;
  }));

  /** @param {Node} picture @param {string} caption @param {string | null} old beside which it is shown @param {string} [told] what that is called */
  const compare = (picture, caption, old = now.thumbnailUrl, told = t('chooseNow')) => sides.replaceChildren(...(old ? [figure(h('img', { src: old, alt: '' }), told)] : []), figure(picture, caption));
  /** @param {number} second @param {Candidate | null} candidate null: the film itself shows what is there */
  const choose = async (second, candidate) => {
    // What is being typed is left alone: "3." is on its way to be "3.5".
    if (document.activeElement !== place) place.value = String(second);
    slider.value = String(second);
    for (const button of list.querySelectorAll('button')) button.setAttribute('aria-pressed', String(candidate !== null && Number(button.value) === candidate.timeSeconds));
    said.textContent = '';
    const caption = `${t('chooseNew')} · ${duration(second)}`;
    if (candidate) {
      compare(h('img', { src: candidate.image, alt: '' }), caption);
      return;
    }
    compare(film, caption);
    try {
      const address = await url();
      if (address && !film.hasAttribute('src')) film.src = address;
      if (place.validity.valid) film.currentTime = second;
    } catch (error) {
      said.textContent = serverSays(error);
    }
  };
  film.addEventListener('error', () => {
    if (film.isConnected) said.textContent = t('chooseUnseen');
  });
  slider.addEventListener('input', () => void choose(slider.valueAsNumber, null));
  place.addEventListener('input', () => void choose(place.valueAsNumber || 0, null));
  look.onclick = () => void during(look, said, async () => {
    const { thumbnailUrl, metadata } = now;
    // The one that is there is among the best as a rule.
    const candidates = (await api.candidates(video.id, count + 1)).filter(({ timeSeconds }) => Math.abs(timeSeconds - (metadata.timestampSeconds ?? -1)) > 0.02).slice(0, count);
    const there = thumbnailUrl && candidates.length ? [h('li', {}, figure(h('img', { src: thumbnailUrl, alt: '' }), [t('chooseNow'), ...(metadata.timestampSeconds === undefined ? [] : [duration(metadata.timestampSeconds)])].join(' · ')))] : [];
    list.replaceChildren(...there, ...candidates.map((candidate) => h('li', {},
      h('button', { type: 'button', value: candidate.timeSeconds, 'aria-pressed': 'false', click: () => void choose(candidate.timeSeconds, candidate) },
        h('img', { src: candidate.image, width: candidate.width, height: candidate.height, alt: t('chooseAt', { time: duration(candidate.timeSeconds) }) }),
        h('span', { 'aria-hidden': 'true' }, duration(candidate.timeSeconds))))));
    return candidates.length ? '' : t('noCandidates');
  });
  take.onclick = () => void during(take, said, async () => {
    if (!place.reportValidity()) return '';
    const old = now.thumbnailUrl;
    const second = place.valueAsNumber;
    const { thumbnailUrl, reason } = await api.regenerate(video.id, second);
    if (reason) return explained(reason);
    if (thumbnailUrl) compare(h('img', { src: thumbnailUrl, alt: '' }), `${t('chooseNew')} · ${duration(second)}`, old, t('chooseBefore'));
    changed();
    return t(thumbnailUrl ? 'chooseMade' : 'chooseComes', { time: duration(second) });
  });
  open.onclick = () => void during(open, said, async () => {
    const address = await url();
    if (!address) return t('chooseUnseen');
    window.open(`${address.split('#')[0]}#t=${place.valueAsNumber}`, '_blank', 'noopener,noreferrer');
    return '';
  });
  const element = h('details', { class: 'chooser' }, h('summary', {}, t('chooseTitle')), h('p', {}, look), list,
    h('div', { class: 'second' }, h('label', { for: 'choose-second' }, t('chooseSecond')), place, slider),
    sides, h('p', { class: 'acts' }, take, open), said);
  return { element, update: (/** @type {Timeline} */ video) => void (now = video) };
}

/** @param {string | null} url @returns {string | null} only what a browser fetches: a row may say anything */
function fetchable(url) {
  return url && /^https?:\/\//i.test(url) ? url : null;
}

/** @param {HTMLButtonElement} button @param {HTMLElement} said @param {() => Promise<string>} work answers what is said then */
async function during(button, said, work) {
  button.disabled = true;
  said.textContent = t('chooseWorking');
  try {
    said.textContent = await work();
  } catch (error) {
    said.textContent = serverSays(error);
  }
  button.disabled = false;
}

/** @param {Node} picture @param {string} caption */
function figure(picture, caption) {
  return h('figure', {}, picture, h('figcaption', {}, caption));
}
