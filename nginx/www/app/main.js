// @ts-check
import '../elements/video-thumbnail.js';
import { api, endRequests, Refused, Unauthorized, Unreachable } from './api.js';
import { clearChart, showChart } from './chart.js';
import { byId, h } from './dom.js';
import { serverSays } from './errors.js';
import { showFailures } from './failures.js';
import { showFigures, showFiguresLoading } from './figures.js';
import { duration, relative } from './format.js';
import { showGallery, showGalleryLoading, showGalleryMissing } from './gallery.js';
import { fillStaticTexts, language, t } from './language.js';
import { clearNotices, showConditions, showConnection } from './notices.js';
import { Poll } from './poll.js';
import { closeTimeline, isVideoId, showTimeline } from './timeline.js';
import { token } from './token.js';

/** @typedef {import('./types').Report} Report */
/** @typedef {import('./types').History} History */
/** @typedef {import('./types').Video} Video */

const liveSeconds = 4;
const pageSize = 24;
const listLimit = 200;

/** What is looked at, and what was seen last. */
const view = {
  window: /** @type {'24h' | '7d'} */ ('24h'),
  filter: 'recent',
  limit: pageSize,
  /** Counts what makes an answer that is still under way worthless: another choice, another person. */
  choice: 0,
  /** @type {{ report: Report, history: History | null, videos: Video[] | null, at: number } | null} History and videos: null after another choice. */
  seen: null,
};

const poll = new Poll(liveSeconds, look, lookFailed);
const refresh = () => poll.now();

async function look() {
  const choice = view.choice;
  try {
    const [report, history, videos] = await Promise.all([api.report(), api.history(view.window), api.videos(view.filter, view.limit), showTimeline(refresh)]);
    if (choice !== view.choice) return;
    view.seen = { report, history, videos, at: Date.now() };
  } catch (error) {
    if (choice !== view.choice) return;
    throw error;
  }
  showConnection(null);
  document.body.classList.remove('stale');
  show();
}

/** @param {unknown} error @param {number} retrySeconds */
function lookFailed(error, retrySeconds) {
  if (error instanceof Unauthorized) {
    signOut(t('tokenWrong'));
    return;
  }
  document.body.classList.add('stale');
  const since = view.seen ? relative(view.seen.at) : '–';
  // Ours, not the server's: it is said as what it is, and goes to the console in full.
  if (!(error instanceof Refused || error instanceof Unreachable)) {
    console.error(error);
    showConnection(t('pageFault', { error: String(error) }));
  } else if (!navigator.onLine) showConnection(t('offline', { time: since }));
  else if (error instanceof Refused) showConnection(serverSays(error));
  else showConnection(t('unreachable', { time: duration(retrySeconds) }));
  if (!view.seen?.videos) showGalleryMissing();
  showLiveness();
}

function show() {
  if (!view.seen) return;
  const { report, history, videos } = view.seen;
  showConditions(report);
  showFigures(report);
  if (history) showChart(history);
  showFailures(report, refresh);
  showLiveness();
  if (!videos) return;
  showGallery(videos, view.filter !== 'recent', refresh);
  const more = byId('more');
  more.hidden = videos.length < view.limit || view.limit >= listLimit;
  if (videos.length >= listLimit) {
    byId('gallery-empty').hidden = false;
    byId('gallery-empty').textContent = t('tooMany');
  }
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
  const button = byId('language');
  button.textContent = t('languageSwitch');
  button.lang = language.current === 'zh' ? 'en' : 'zh-CN';
  segments('windows', [['24h', t('day')], ['7d', t('week')]], view.window, (value) => {
    view.window = value === '7d' ? '7d' : '24h';
    if (view.seen) view.seen.history = null;
    clearChart();
  });
  segments('filters', [['recent', t('recent')], ['pending', t('pending')], ['processing', t('processing')], ['failed', t('failed')], ['completed', t('completed')]],
    view.filter, (value) => {
      view.filter = value;
      view.limit = pageSize;
      if (view.seen) view.seen.videos = null;
      byId('gallery-empty').hidden = true;
      byId('more').hidden = true;
      showGalleryLoading();
    });
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
  byId('board').hidden = true;
  byId('sign-out').hidden = true;
  byId('sign-in').hidden = false;
  byId('liveness').textContent = '';
  byId('liveness').className = 'liveness';
  document.body.classList.remove('stale');
  // Nothing of what was seen stays for whoever comes next.
  clearNotices();
  clearChart();
  for (const id of ['figures', 'failures', 'gallery', 'retry-progress']) byId(id).replaceChildren();
  byId('retry-progress').hidden = true;
  byId('retry-all').hidden = true;
  closeTimeline();
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
});
byId('sign-out').addEventListener('click', () => signOut(''));
byId('language').addEventListener('click', () => {
  language.switch();
  showTexts();
  refresh();
});
byId('more').addEventListener('click', () => {
  view.limit = Math.min(listLimit, view.limit + 2 * pageSize);
  refresh();
});
byId('find').addEventListener('submit', (event) => {
  event.preventDefault();
  const id = /** @type {HTMLInputElement} */ (byId('find-id')).value.trim();
  byId('find-error').textContent = isVideoId(id) ? '' : t('findBad');
  if (isVideoId(id)) location.hash = `video=${id.toLowerCase()}`;
});
addEventListener('hashchange', () => {
  // At once, not when the look under way has ended.
  if (token.value) void showTimeline(refresh).catch(refresh);
});
setInterval(showLiveness, 5000);

showTexts();
if (token.value) signedIn();
else signOut('');
