// @ts-check
import '../elements/video-thumbnail.js';
import { api, endRequests, Refused, Unauthorized, Unreachable } from './api.js';
import { clearChart, showChart } from './chart.js';
import { clock } from './clock.js';
import { byId, h, keepingPlace } from './dom.js';
import { serverSays } from './errors.js';
import { showFailures } from './failures.js';
import { showFigures, showFiguresLoading } from './figures.js';
import { showFilters, watchFilters } from './filters.js';
import { absolute, duration, relative } from './format.js';
import { showGalleryLoading } from './gallery.js';
import { showKeys, watchKeys } from './keys.js';
import { fillStaticTexts, language, t } from './language.js';
import { VideoList } from './list.js';
import { showMachinery } from './machinery.js';
import { clearNotices, showConditions, showConnection, showFailure } from './notices.js';
import { pause } from './pause.js';
import { permission, showPermission } from './permission.js';
import { Poll } from './poll.js';
import { released } from './press.js';
import { closeTimeline, goTo, showTimeline } from './timeline.js';
import { token } from './token.js';

/** @typedef {import('./types').Report} Report */
/** @typedef {import('./types').History} History */

const liveSeconds = 4;

/** What is looked at, and what was seen last. */
const view = {
  window: /** @type {'24h' | '7d'} */ ('24h'),
  /** How long the report's lists are. */
  reasons: 20,
  /** Counts what makes an answer that is still under way worthless: another choice, another person. */
  choice: 0,
  /** @type {{ report: Report, history: History | null, at: number } | null} History: null after another choice. */
  seen: null,
};

const poll = new Poll(liveSeconds, look, lookFailed);
const refresh = () => poll.now();
const list = new VideoList(() => {
  view.choice += 1;
  showFilters(list);
  // Where figures are under way that take long, the list does not wait for them; what fails here is told by the look that follows.
  if (!poll.now()) void lookAtList().catch(() => {});
});
watchFilters(list);

async function lookAtList() {
  const choice = view.choice;
  const videos = await list.ask();
  await released();
  if (choice === view.choice) list.take(videos);
}

async function look() {
  const choice = view.choice;
  const began = performance.now();
  try {
    const shown = Promise.all([lookAtList(), showTimeline(refresh)]);
    // Figures take longer where there are many videos: what comes first is not slowed down by them.
    if (!view.seen) await shown;
    const [report, history] = await Promise.all([api.report(view.reasons), api.history(view.window), shown]);
    await released();
    if (choice !== view.choice) return;
    view.seen = { report, history, at: clock.now() };
    const wasKnown = permission.isKnown;
    permission.caller = report.caller;
    // What depends on it was left out of the video that is shown.
    if (!wasKnown) await showTimeline(refresh);
  } catch (error) {
    if (choice !== view.choice) return;
    throw error;
  }
  showConnection(null);
  document.body.classList.remove('stale');
  show();
  // What takes long to look up is not asked for without pause.
  poll.seconds = Math.min(60, Math.max(liveSeconds, ((performance.now() - began) / 1000) * 5));
}

/** @param {unknown} error @param {number} retrySeconds */
function lookFailed(error, retrySeconds) {
  if (error instanceof Unauthorized) {
    signOut(t(error.isMissing ? 'tokenRemoved' : 'tokenWrong'));
    return;
  }
  document.body.classList.add('stale');
  // Ours, not the server's: it is said as what it is, and goes to the console in full.
  if (!(error instanceof Refused || error instanceof Unreachable)) {
    console.error(error);
    showConnection(t('pageFault', { error: String(error) }));
  } else if (!navigator.onLine) showConnection(t('offline', { time: absolute(view.seen?.at ?? null) }));
  else if (error instanceof Refused) showConnection(serverSays(error));
  else showConnection(t('unreachable', { time: duration(retrySeconds) }));
  list.showMissing();
  showLiveness();
}

function show() {
  if (!view.seen) return;
  const { report, history } = view.seen;
  showConditions(report, refresh);
  const reveal = (/** @type {import('./query.js').Query} */ query) => list.reveal(query);
  showFigures(report, view.window === '24h' ? history : undefined, reveal);
  if (history) showChart(history);
  keepingPlace(() => showFailures(report, refresh, reveal, () => {
    view.reasons = 200;
    refresh();
  }));
  showMachinery(report);
  list.count(report.health);
  list.show();
  showPermission(document);
  showLiveness();
}

function showLiveness() {
  const element = byId('liveness');
  const isStale = document.body.classList.contains('stale');
  element.className = `liveness ${isStale ? 'dead' : 'alive'}`;
  const text = !view.seen ? t('connecting') : t(isStale ? 'stale' : 'live', { time: relative(view.seen.at) });
  if (element.textContent !== text) element.textContent = text;
}

/** The texts of everything, after a change of language. */
function showTexts() {
  fillStaticTexts();
  showKeys();
  const button = byId('language');
  button.textContent = t('languageSwitch');
  button.lang = language.current === 'zh' ? 'en' : 'zh-CN';
  segments('windows', [['24h', t('day')], ['7d', t('week')]], view.window, (value) => {
    view.window = value === '7d' ? '7d' : '24h';
    if (view.seen) view.seen.history = null;
    clearChart();
  });
  showFilters(list);
  show();
}

/** @param {string} id @param {[string, string][]} choices @param {string} chosen @param {(value: string) => void} choose */
function segments(id, choices, chosen, choose) {
  byId(id).replaceChildren(...choices.map(([value, name]) =>
    h('button', {
      type: 'button', 'aria-pressed': value === chosen ? 'true' : 'false', 'data-value': value,
      click: () => {
        choose(value);
        view.choice += 1;
        for (const other of byId(id).children) other.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (other).dataset['value'] === value));
        refresh();
      },
    }, name)));
}

function signedIn() {
  byId('sign-in').hidden = true;
  byId('board').hidden = false;
  byId('sign-out').hidden = false;
  byId('pause').hidden = false;
  if (!view.seen) {
    showFiguresLoading();
    showGalleryLoading();
  }
  showLiveness();
  poll.start();
}

/** @param {string} why */
function signOut(why) {
  poll.stop();
  endRequests();
  view.choice += 1;
  token.value = '';
  view.seen = null;
  permission.caller = null;
  poll.seconds = liveSeconds;
  byId('board').hidden = true;
  byId('sign-out').hidden = true;
  byId('pause').hidden = true;
  byId('sign-in').hidden = false;
  byId('liveness').textContent = '';
  byId('liveness').className = 'liveness';
  document.body.classList.remove('stale');
  // Nothing of what was seen stays for whoever comes next.
  clearNotices();
  clearChart();
  for (const id of ['figures', 'failures', 'gallery', 'progress', 'machinery', 'bulk']) {
    byId(id).replaceChildren();
    delete byId(id).dataset['mark'];
  }
  list.forget();
  byId('machinery-section').hidden = true;
  byId('progress').hidden = true;
  byId('retry-all').hidden = true;
  // A secret that is no longer accepted is typed again, and what was to be seen is still to be seen.
  closeTimeline(why !== '');
  /** @type {HTMLDialogElement} */ (byId('confirm')).close();
  byId('token-error').textContent = why;
  const field = /** @type {HTMLInputElement} */ (byId('token'));
  field.value = '';
  field.setAttribute('aria-invalid', String(why !== ''));
  field.focus();
}

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const typed = /** @type {HTMLInputElement} */ (byId('token')).value.trim();
  byId('token-error').textContent = typed ? '' : t('tokenMissing');
  if (!typed) return;
  // A header can hold nothing else, and no secret of the handlers does.
  if (!/^[\x21-\x7e]+$/.test(typed)) {
    signOut(t('tokenWrong'));
    return;
  }
  token.value = typed;
  signedIn();
  byId('main').focus({ preventScroll: true });
});
byId('sign-out').addEventListener('click', () => signOut(''));
byId('language').addEventListener('click', () => {
  language.switch();
  showTexts();
  refresh();
});
byId('pause').addEventListener('click', () => {
  showFailure(null);
  void pause(refresh, showFailure);
});
addEventListener('hashchange', () => {
  // At once, not when the look under way has ended.
  if (token.value) void showTimeline(refresh).catch(refresh);
});
watchKeys({
  '/': () => {
    if (document.querySelector('dialog[open]')) return;
    byId('find-text').scrollIntoView({ block: 'center' });
    byId('find-text').focus();
  },
  j: () => goTo(1),
  k: () => goTo(-1),
});
setInterval(showLiveness, 5000);

showTexts();
if (token.value) signedIn();
else signOut('');
