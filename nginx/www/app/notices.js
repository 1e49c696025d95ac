// @ts-check
import { byId, h, keyed } from './dom.js';
import { explained, serverSays } from './errors.js';
import { absolute, number } from './format.js';
import { className, t } from './language.js';
import { pausedWhat, resume } from './pause.js';
import { permission, showPermission } from './permission.js';
import { showTab } from './tab.js';

/** @typedef {import('./types').Report} Report */
/** @typedef {{ key: string, kind: 'error' | 'warning' | 'told', text: string, act?: { text: string, run: () => Promise<unknown> } }} Notice */

/** @type {Notice | null} */
let connection = null;
/** @type {Notice | null} */
let failure = null;
/** @type {Notice[]} */
let conditions = [];

/**
 * What stands between the page and the server; null where nothing does.
 *
 * @param {string | null} text
 */
export function showConnection(text) {
  connection = text === null ? null : { key: 'connection', kind: 'error', text };
  show();
}

/**
 * Why something was not done that somebody wanted. It stays until it has been read, or something is tried again.
 *
 * @param {string | null} text
 */
export function showFailure(text) {
  failure = text === null ? null : { key: 'failure', kind: 'error', text, act: { text: t('close'), run: async () => showFailure(null) } };
  show();
}

/**
 * What keeps videos from their thumbnails.
 *
 * @param {Report} report
 * @param {() => void} changed called when something was done about it
 */
export function showConditions(report, changed) {
  conditions = [];
  /** @param {string} key @param {Notice['kind']} kind @param {string} text */
  const add = (key, kind, text) => conditions.push({ key, kind, text });
  for (const paused of report.paused) {
    const text = t('noticePaused', { what: pausedWhat(paused), text: explained(paused.text), time: absolute(paused.at) });
    conditions.push({ key: `paused ${paused.tenant ?? ''} ${paused.host ?? ''}`, kind: 'warning', text, act: { text: t('resume'), run: () => resume(paused).then(changed) } });
  }
  if (!permission.mayAct) add('looks only', 'told', t('looksOnly'));
  if (!report.enabled) add('disabled', 'warning', t('noticeDisabled'));
  if (report.missingConfiguration) add('missing', 'error', t('noticeMissing', { error: explained(report.missingConfiguration) }));
  for (const problem of report.deliveryProblems) add(`delivery ${problem}`, 'warning', t('noticeDelivery', { problem: explained(problem) }));
  for (const problem of report.processProblems) add(`process ${problem}`, 'warning', explained(problem));
  for (const name of /** @type {const} */ (['storage', 'configuration'])) {
    const open = report.breakers.filter((breaker) => breaker.open && breaker.class === name);
    if (open.length === 0) continue;
    add(`breaker ${name}`, 'error', t(`noticeBreaker_${name}`, { hosts: open.map((breaker) => breaker.host || '–').join(', '), error: explained(open[0]?.lastError ?? '?') }));
  }
  const { queue: { kept }, platform: { refusals, setAside, lastRefusal } } = report;
  const error = explained(lastRefusal ?? '?');
  if (kept > 0) add('kept', 'error', t('noticeKept', { n: number(kept), error }));
  // A few are rows that somebody held for long, and come right by themselves.
  else if (refusals - setAside > 3) add('refusals', 'warning', t('noticeRefusals', { n: number(refusals), error }));
  if (setAside > 0) add('set aside', 'warning', t('noticeSetAside', { n: number(setAside), error }));
  const { objectsRefused: refused } = report;
  if (refused.count > 0) add('not deleted', 'warning', t('noticeNotDeleted', { n: number(refused.count), error: explained(refused.lastError ?? '?') }));
  for (const [name, count] of Object.entries(report.held)) {
    if (name !== 'platform' && !report.breakers.some((breaker) => breaker.open && breaker.class === name)) {
      add(`held ${name}`, 'warning', t('noticeHeld', { n: number(count), class: className(name) }));
    }
  }
  show();
}

/** Forgets all of them. */
export function clearNotices() {
  connection = failure = null;
  conditions = [];
  show();
  showTab('', 0);
}

function show() {
  const all = [connection, failure, ...conditions].flatMap((notice) => notice ?? []);
  const wrong = all.filter(({ kind }) => kind !== 'told');
  showTab(wrong.some(({ kind }) => kind === 'error') ? 'error' : wrong.length ? 'warning' : '', wrong.length);
  const hadFocus = byId('notices').contains(document.activeElement);
  keyed(byId('notices'), all, (notice) => notice.key,
    (notice) => h('div', { class: `notice ${notice.kind}` }, h('p', {}), ...(notice.act ? [button()] : [])),
    (element, notice) => {
      const [text, act] = /** @type {[HTMLElement, HTMLButtonElement | undefined]} */ ([...element.children]);
      if (text.textContent !== notice.text) text.textContent = notice.text;
      const { act: doing } = notice;
      if (!act || !doing) return;
      act.textContent = doing.text;
      act.onclick = () => {
        act.disabled = true;
        showFailure(null);
        void doing.run().catch((error) => showFailure(serverSays(error))).finally(() => {
          act.disabled = false;
          // Disabled, it has lost the focus.
          if (document.activeElement === document.body) (act.isConnected ? act : byId('main')).focus({ preventScroll: true });
        });
      };
    });
  showPermission(byId('notices'));
  if (hadFocus && document.activeElement === document.body) byId('main').focus({ preventScroll: true });
}

function button() {
  return h('button', { type: 'button', class: 'secondary', 'data-acts': true });
}
