// @ts-check
import { h } from './dom.js';
import { explained } from './errors.js';
import { ago, cost, second } from './facts.js';
import { duration } from './format.js';
import { className, lookUp, t } from './language.js';

/** @typedef {import('./types').VideoEvent} VideoEvent */

/** What an entry's class may be beside the classes of failure: docs/architecture.md has the list. */
const ownWords = ['manual', 'external', 'kept', 'dismissed', 'restored', 'decoder'];

/** @param {VideoEvent} event an entry of a video's history */
export function eventItem(event) {
  const what = kind(event);
  const notes = [
    event.attempt ? t('attempt', { n: event.attempt }) : null,
    event.seconds !== null ? t('inTime', { time: duration(event.seconds) }) : null,
    event.detail && event.detail.timestampSeconds !== undefined ? `${t('chosenSecond')} ${second(event.detail)}` : null,
    event.detail && event.detail.bytesFetched !== undefined ? cost(event.detail) : null,
    event.worker ? t('byWorker', { name: event.worker }) : null,
    event.class && !ownWords.includes(event.class) ? `${t('class')} ${className(event.class)}` : null,
  ].filter(Boolean);
  const when = ago(event.at);
  return h('li', { class: what },
    h('p', {}, h('strong', {}, lookUp(`event_${what}`, 'event_other')), ' ', when),
    notes.length ? h('p', { class: 'hint' }, notes.join(' · ')) : null,
    event.text && what !== 'manual' && what !== 'lost' && what !== 'fenced' ? h('p', { class: 'said', dir: 'auto', title: event.text }, explained(event.text)) : null);
}

/** @param {VideoEvent} event */
function kind(event) {
  if (event.class === 'manual') return 'manual';
  if (event.class === 'dismissed' || event.class === 'restored' || event.class === 'decoder') return event.class;
  if (event.class === 'platform') return event.to === 'pending' ? 'kept' : 'refused';
  if (event.to === null) return event.class === 'lost' && !event.text?.startsWith('storyboard: ') ? 'fenced' : 'noted';
  if (event.from === 'processing' && event.to === 'processing') return 'lost';
  if (event.class === 'external') return 'external';
  if (event.to === 'processing') return 'claimed';
  if (event.to === 'pending') return event.from === 'processing' ? 'released' : 'pending';
  return event.to;
}
