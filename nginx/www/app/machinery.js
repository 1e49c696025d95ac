// @ts-check
import { byId, h, redraw } from './dom.js';
import { explained } from './errors.js';
import { absolute, number, relative } from './format.js';
import { className, lookUp, t } from './language.js';

/** @typedef {import('./types').Report} Report */
/** @typedef {import('./types').Worker} Worker */

/**
 * What makes thumbnails: workers and what they have in hand, the relay, breakers and their next trial, how decoders ended. What the report does
 * not tell is left out.
 *
 * @param {Report} report
 */
export function showMachinery(report) {
  const section = byId('machinery');
  const mark = JSON.stringify([report.workers, report.relay, report.breakers, report.decoderEnds, report.pgNet, document.documentElement.lang, Math.floor(Date.now() / 15_000)]);
  if (section.dataset['mark'] === mark) return;
  section.dataset['mark'] = mark;
  const cards = [workers(report), relay(report), breakers(report), answers(report), decoders(report)].flatMap((card) => card ?? []);
  byId('machinery-section').hidden = cards.length === 0;
  redraw(section, ...cards);
}

/** @param {Report} report */
function workers({ workers }) {
  if (!workers) return null;
  const { counts, list } = workers;
  return card('workers', t('workers'), t('workerCounts', { busy: number(counts.busy), idle: number(counts.idle), silent: number(counts.silent) }),
    list.length
      ? table(t('workers'), [t('program'), t('host'), t('version'), t('workerState'), t('inHand')], list.map((worker) => [
        worker.program ?? t('unknownWorker'), worker.host ?? '–', worker.version ?? '–',
        `${lookUp(`worker_${worker.state}`, 'state_none')}${worker.sandbox === 'off' ? ` · ${t('noSandbox')}` : ''}${worker.seenAt && worker.state === 'silent' ? ` · ${relative(worker.seenAt)}` : ''}`,
        worker.inHand.length
          ? h('ul', {}, ...worker.inHand.map((job) => h('li', {}, h('a', { href: `#video=${job.videoId}` }, job.videoId.slice(0, 8)), ` ${t('attempt', { n: job.attempt })} · ${t('since', { time: relative(job.since) })}`)))
          : '–',
      ]))
      : null);
}

/** @param {Report} report */
function relay({ relay }) {
  if (relay === undefined) return null;
  if (relay === null) return card('relay', t('relay'), t('relayNone'));
  return card('relay', t('relay'), [lookUp(`relay_${relay.state}`, 'state_none'), relay.host, relay.version, t('lastTime', { time: relative(relay.seenAt) })].join(' · '),
    ...[relay.reason, relay.trouble].filter((text) => text !== null).map((text) => h('p', { class: 'said' }, explained(text ?? ''))));
}

/** @param {Report} report */
function breakers({ breakers }) {
  if (breakers.length === 0) return null;
  return card('breakers', t('breakers'), '', table(t('breakers'), [t('class'), t('host'), t('faults'), t('nextTrial'), t('lastFault')], breakers.map((breaker) => [
    className(breaker.class), breaker.host || '–', number(breaker.faults),
    breaker.open && breaker.openUntil ? h('time', { datetime: breaker.openUntil, title: absolute(breaker.openUntil) }, relative(breaker.openUntil)) : breaker.openUntil ? t('trialNow') : '–',
    explained(breaker.lastError ?? '–'),
  ])));
}

/** @param {Report} report */
function answers({ pgNet }) {
  if (!pgNet) return null;
  const unread = pgNet.find(({ posts }) => posts === undefined);
  if (unread) return card('pg_net', t('pgNet'), explained(unread.problem ?? ''));
  return card('pg_net', t('pgNet'), pgNet.length ? '' : t('noPgNet'),
    pgNet.length
      ? table(t('pgNet'), [t('answer'), t('posts'), t('lastPost'), t('whatHelps')], pgNet.map(({ status, timedOut, posts, lastAt, problem }) => [
        timedOut ? t('timedOut') : status ? String(status) : t('noAnswer'), number(posts ?? 0), relative(lastAt ?? null), problem ? explained(problem) : t('delivered')]))
      : null);
}

/** @param {Report} report */
function decoders({ decoderEnds }) {
  if (!decoderEnds) return null;
  const kinds = Object.keys({ ...decoderEnds.total, ...decoderEnds.lastDay });
  const total = Object.values(decoderEnds.lastDay).reduce((sum, n) => sum + n, 0);
  return card('decoders', t('decoderEnds'), total ? '' : t('noDecoderEnds'),
    kinds.length
      ? table(t('decoderEnds'), [t('decoderKind'), t('lastDay'), t('sinceEver')], kinds.map((kind) => [lookUp(`decoder_${kind}`, 'rejected_other', { name: kind }), number(decoderEnds.lastDay[kind] ?? 0), number(decoderEnds.total[kind] ?? 0)]))
      : null);
}

/** @param {string} name @param {string} title @param {string} text @param {...(Node | null)} content */
function card(name, title, text, ...content) {
  return h('div', { class: 'card', 'data-machine': name }, h('h3', {}, title), text ? h('p', { class: 'hint' }, text) : null, ...content);
}

/** @param {string} label @param {string[]} head @param {(string | Node | null)[][]} rows */
function table(label, head, rows) {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, h('table', {},
    h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((cell, n) => (n ? h('td', {}, cell) : h('th', { scope: 'row' }, cell))))))));
}
