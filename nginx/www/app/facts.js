// @ts-check
import { clock } from './clock.js';
import { copyButton } from './copy.js';
import { h } from './dom.js';
import { absolute, bytes, duration, number, relative } from './format.js';
import { lookUp, t } from './language.js';
import { addressOf } from './query.js';

/** @typedef {import('./types').Metadata} Metadata */
/** @typedef {import('./types').Timeline} Timeline */

/**
 * What is known of a video, as a list of names and values.
 *
 * @param {Timeline} video
 * @param {(tenant: string) => Node} pauseButton stops the uploader's videos
 */
export function facts(video, pauseButton) {
  const { metadata } = video;
  /** @type {[string, string | Node | null | undefined][]} */
  const rows = [
    [t('attempts'), t('attemptsOf', { n: video.attempts, max: video.maxAttempts })],
    [t('nextAttempt'), video.nextAttemptAt && (isDue(video) ? t('soon') : ago(video.nextAttemptAt))],
    [t('leaseUntil'), video.leaseUntil && ago(video.leaseUntil)],
    [t('generated'), video.generatedAt && absolute(video.generatedAt)],
    [t('created'), absolute(video.createdAt)],
    [t('source'), video.sourceHost && h('a', { href: addressOf({ host: video.sourceHost }) }, video.sourceHost)],
    [t('uploader'), video.tenant && h('span', {}, h('a', { href: addressOf({ tenant: video.tenant }) }, video.tenant), ' ', pauseButton(video.tenant))],
    [t('chosenSecond'), second(metadata)],
    [t('size'), metadata.width && metadata.height ? `${metadata.width} × ${metadata.height}${metadata.bytes ? `, ${bytes(metadata.bytes)}` : ''}` : null],
    [t('bytes'), metadata.bytesFetched !== undefined ? cost(metadata) : null],
    [t('codec'), [metadata.container?.split(',').slice(0, 2).join('/'), metadata.codec].filter(Boolean).join(', ')],
    [t('score'), metadata.score !== undefined && metadata.score !== null ? number(metadata.score, { maximumFractionDigits: 2 }) : null],
    [t('rejected'), Object.entries(metadata.rejected ?? {}).map(([why, count]) => `${count} ${lookUp(`rejected_${why}`, 'rejected_other', { name: why })}`).join(', ')],
    [t('videoId'), h('span', {}, video.id, ' ', copyButton(video.id, t('videoId')))],
  ];
  return h('dl', { class: 'facts' }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [h('dt', {}, name), h('dd', { dir: 'auto' }, value)]));
}

/** @param {Timeline} video whether its next attempt waits for nothing but a worker */
export function isDue({ nextAttemptAt }) {
  return nextAttemptAt !== null && Date.parse(nextAttemptAt) <= clock.now();
}

/** @param {Metadata} metadata the second that was chosen, of how many */
export function second({ timestampSeconds, durationSeconds }) {
  if (timestampSeconds === undefined || timestampSeconds === null) return null;
  const at = duration(timestampSeconds);
  return durationSeconds ? `${at} / ${duration(durationSeconds)}` : at;
}

/** @param {Metadata} metadata what was fetched for it */
export function cost({ bytesFetched = 0, requests }) {
  return requests ? `${bytes(bytesFetched)}, ${t('requests', { n: number(requests) })}` : bytes(bytesFetched);
}

/** @param {Metadata} metadata a bar of the stages, and the same in words */
export function stages({ stagesMs }) {
  if (!stagesMs) return null;
  const { fetch = 0, upload = 0, encode = 0, make = 0 } = stagesMs;
  /** @type {['fetch' | 'work' | 'encode' | 'upload', number][]} */
  const parts = [['fetch', Math.min(fetch, make)], ['work', Math.max(0, make - fetch - encode)], ['encode', encode], ['upload', upload]];
  const total = parts.reduce((sum, [, ms]) => sum + ms, 0);
  if (total <= 0) return null;
  const bar = h('div', { class: 'stages', 'aria-hidden': 'true' });
  for (const [name, ms] of parts) {
    const part = h('span', { class: name });
    part.style.flexGrow = String(ms);
    bar.append(part);
  }
  return h('div', {}, h('h3', {}, `${t('stages')}: ${duration(total / 1000)}`), bar,
    h('ul', { class: 'legend' }, ...parts.map(([name, ms]) => h('li', {}, h('span', { class: `key ${name}` }), `${t(`stage_${name}`)} ${duration(ms / 1000)}`))));
}

/** @param {string} at a time that is kept up to date */
export function ago(at) {
  return h('time', { datetime: at, title: absolute(at) }, relative(at));
}
