// @ts-check
import { api } from './api.js';
import { h } from './dom.js';
import { serverSays } from './errors.js';
import { duration } from './format.js';
import { t } from './language.js';
import { permission } from './permission.js';

/** @typedef {import('./types').Timeline} Timeline */
/** @typedef {import('./types').Candidate} Candidate */

const count = 6;
/** @type {{ mark: string, element: HTMLElement } | null} The one that is shown: what somebody has begun there stays when the video is shown anew. */
let shown = null;

/**
 * Where another picture of a video is chosen: one of the best, or a second. The one that is there stays until the new one is made.
 *
 * @param {Timeline} video
 * @param {() => void} changed called when a new one is under way
 */
export function chooser(video, changed) {
  if (!video.hasThumbnail || !video.sourceHost) return null;
  const mark = `${video.id} ${document.documentElement.lang} ${permission.isService}`;
  if (shown?.mark !== mark) shown = { mark, element: make(video, changed) };
  return shown.element;
}

/** @param {Timeline} video @param {() => void} changed */
function make(video, changed) {
  const details = h('details', { class: 'chooser' }, h('summary', {}, t('chooseTitle')));
  if (!permission.isService) {
    details.append(h('p', { class: 'hint' }, t('chooseNeedsKey')), h('button', { type: 'button', class: 'secondary', disabled: true, title: t('chooseNeedsKey') }, t('chooseLook')));
    return details;
  }
  const { timestampSeconds, durationSeconds } = video.metadata;
  const last = durationSeconds ?? 3600;
  const place = h('input', { id: 'choose-second', type: 'number', min: 0, max: last, step: 'any', value: timestampSeconds ?? 0 });
  const slider = h('input', { type: 'range', min: 0, max: last, step: Math.max(0.04, last / 1000), value: timestampSeconds ?? 0, 'aria-label': t('chooseSecond'), hidden: durationSeconds === undefined });
  const said = h('p', { role: 'status', class: 'hint' });
  const sides = h('div', { class: 'sides' });
  const list = h('ul', { class: 'candidates' });
  const take = h('button', { type: 'button', 'data-name': 'take' }, t('chooseTake'));
  const open = h('button', { type: 'button', class: 'secondary', 'data-name': 'open' }, t('chooseOpen'));
  const look = h('button', { type: 'button', class: 'secondary', 'data-name': 'candidates' }, t('chooseLook'));
  /** @param {Candidate | null} candidate beside the picture that is there */
  const compare = (candidate) => sides.replaceChildren(...(candidate && video.thumbnailUrl
    ? [picture(video.thumbnailUrl, t('chooseOld')), picture(candidate.picture, `${t('chooseNew')} · ${duration(candidate.timeSeconds)}`)] : []));
  /** @param {number} second @param {Candidate | null} candidate */
  const choose = (second, candidate) => {
    // What is being typed is left alone: "3." is on its way to be "3.5".
    if (document.activeElement !== place) place.value = String(second);
    slider.value = String(second);
    for (const button of list.querySelectorAll('button')) button.setAttribute('aria-pressed', String(candidate !== null && Number(button.value) === candidate.timeSeconds));
    compare(candidate);
  };
  slider.addEventListener('input', () => choose(slider.valueAsNumber, null));
  place.addEventListener('input', () => choose(place.valueAsNumber || 0, null));
  look.onclick = () => void during(look, said, async () => {
    const candidates = await api.candidates(video.id, count);
    list.replaceChildren(...candidates.map((candidate) => h('li', {},
      h('button', { type: 'button', value: candidate.timeSeconds, 'aria-pressed': 'false', click: () => choose(candidate.timeSeconds, candidate) },
        h('img', { src: candidate.picture, alt: t('chooseAt', { time: duration(candidate.timeSeconds) }) }), h('span', { 'aria-hidden': 'true' }, duration(candidate.timeSeconds))))));
    return candidates.length ? '' : t('noCandidates');
  });
  take.onclick = () => void during(take, said, async () => {
    if (!place.reportValidity()) return '';
    await api.regenerate(video.id, place.valueAsNumber);
    changed();
    return t('chooseMade', { time: duration(place.valueAsNumber) });
  });
  open.onclick = () => void during(open, said, async () => {
    const url = await api.sourceURL(video.id);
    // Only what a browser fetches: a row may say anything.
    if (!url || !/^https?:\/\//i.test(url)) return url ?? '–';
    window.open(`${url.split('#')[0]}#t=${place.valueAsNumber}`, '_blank', 'noopener,noreferrer');
    return '';
  });
  details.append(h('p', {}, look), list, sides,
    h('div', { class: 'second' }, h('label', { for: 'choose-second' }, t('chooseSecond')), place, slider),
    h('p', { class: 'acts' }, take, open), said);
  return details;
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

/** @param {string} src @param {string} caption */
function picture(src, caption) {
  return h('figure', {}, h('img', { src, alt: '' }), h('figcaption', {}, caption));
}
