// @ts-check
import { api } from './api.js';
import { byId, h, keepingPlace, redraw, tell } from './dom.js';
import { number } from './format.js';
import { showGallery, showGalleryLoading, showGalleryMissing } from './gallery.js';
import { t } from './language.js';
import { operate } from './operations.js';
import { showPermission } from './permission.js';
import { released } from './press.js';
import { addressOf, filterOf, isLive, readQuery, requestOf, writeQuery } from './query.js';

/** @typedef {import('./query.js').Query} Query */
/** @typedef {import('./types').Video} Video */
/** @typedef {import('./types').VideoList} Answer */
/** @typedef {import('./operations.js').Operation} Operation */

const pageSize = 24;
const liveLimit = 200;

/**
 * The list of videos: a page of what is looked for. Rows stay where they are while somebody is at them (the pointer or the focus is in the
 * list, some are chosen, or a video is open); what has come meanwhile waits behind a button.
 */
export class VideoList {
  /** @type {Query} */
  query = readQuery();
  #limit = pageSize;
  /** @type {Answer | null} What came last. */
  #answer = null;
  /** @type {Record<string, number>} How many videos of a state there are, by the report: what lists of many do not count themselves. */
  #counts = {};
  /** @type {Video[]} What is shown, in its order. */
  #shown = [];
  /** @type {Set<string>} */
  #chosen = new Set();
  #isPointedAt = false;
  /** Whether rows may come and go with the next answer, whoever is at them. */
  #isFree = true;

  /** @param {() => void} changed called when something was done, or something else is looked for */
  constructor(changed) {
    this.changed = changed;
    const gallery = byId('gallery');
    // A finger is nowhere once it has let go.
    gallery.addEventListener('pointermove', (event) => (this.#isPointedAt = event.pointerType !== 'touch'));
    gallery.addEventListener('pointerleave', () => {
      this.#isPointedAt = false;
      this.show();
    });
    // To press what is beside the rows takes the focus from them: it goes nowhere before it was clicked.
    gallery.addEventListener('focusout', () => setTimeout(() => void released().then(() => this.show())));
    gallery.addEventListener('change', (event) => {
      const box = /** @type {HTMLInputElement} */ (event.target);
      if (box.name !== 'choose') return;
      if (box.checked) this.#chosen.add(box.value);
      else this.#chosen.delete(box.value);
      this.show();
    });
    byId('new').addEventListener('click', () => this.#renew());
    byId('more').addEventListener('click', () => {
      this.#limit = Math.min(liveLimit, this.#limit + 2 * pageSize);
      this.#isFree = true;
      changed();
    });
    byId('next').addEventListener('click', () => {
      const next = this.#answer?.next;
      if (next) this.reveal({ ...this.query, after: `${next.at}~${next.id}`, page: String(this.page + 1) });
    });
    byId('first').addEventListener('click', () => this.reveal({ ...this.query, after: '', page: '' }));
    addEventListener('popstate', () => {
      if (addressOf(readQuery()) !== addressOf(this.query)) this.#take(readQuery());
    });
  }

  get page() {
    return Number(this.query.page ?? 1) || 1;
  }

  /**
   * How many match, where it is known.
   *
   * @returns {number | undefined}
   */
  get #total() {
    const { state = 'recent', ...narrower } = filterOf(this.query);
    return this.#answer?.total ?? (Object.keys(narrower).length ? undefined : this.#counts[state]);
  }

  /** @param {import('./types').Report['health']} health */
  count({ failedCount, pendingCount }) {
    this.#counts = { failed: failedCount, pending: pendingCount };
  }

  /** @returns {Promise<Answer>} */
  ask() {
    return api.videos(requestOf(this.query, isLive(this.query) ? this.#limit : pageSize));
  }

  /**
   * Looks for something else, and makes it the page's address.
   *
   * @param {Query} query
   */
  look(query) {
    writeQuery(query);
    this.#take(query);
  }

  /**
   * Shows only what failed like this, say.
   *
   * @param {Query} query
   */
  reveal(query) {
    this.look(query);
    byId('gallery-title').scrollIntoView({ block: 'start' });
    byId('gallery-title').focus({ preventScroll: true });
  }

  /** @param {Query} query */
  #take(query) {
    this.query = query;
    this.#limit = pageSize;
    this.forget();
    showGalleryLoading();
    this.changed();
  }

  /** Nothing of what was seen stays. */
  forget() {
    this.#answer = null;
    this.#shown = [];
    this.#chosen.clear();
    this.#isFree = true;
    keepingPlace(() => {
      for (const id of ['more', 'new', 'pages', 'bulk', 'gallery-empty', 'total']) byId(id).hidden = true;
    });
  }

  /** @param {Answer} answer */
  take(answer) {
    this.#answer = answer;
    this.show();
    this.#isFree = false;
  }

  /** Whether there is nothing to show yet. */
  get isMissing() {
    return !this.#answer;
  }

  showMissing() {
    if (this.isMissing) showGalleryMissing();
  }

  #renew() {
    this.#isFree = true;
    this.#chosen.clear();
    byId('gallery').scrollIntoView({ block: 'nearest' });
    // The button that was pressed goes.
    byId('gallery-title').focus({ preventScroll: true });
    this.show();
    this.#isFree = false;
  }

  /** Whether somebody is at the rows. */
  get #isHeld() {
    const gallery = byId('gallery');
    return this.#chosen.size > 0 || this.#isPointedAt || gallery.contains(document.activeElement) || byId('timeline').hasAttribute('open');
  }

  show() {
    const answer = this.#answer;
    if (!answer) return;
    const newest = new Map(answer.videos.map((video) => [video.id, video]));
    /** @type {Set<string>} */
    const left = new Set();
    if (this.#isFree || this.#shown.length === 0 || !this.#isHeld) {
      this.#shown = answer.videos;
    } else {
      for (const { id } of this.#shown) if (!newest.has(id)) left.add(id);
      this.#shown = this.#shown.map((video) => newest.get(video.id) ?? video);
    }
    const known = new Set(this.#shown.map(({ id }) => id));
    const fresh = answer.videos.filter(({ id }) => !known.has(id)).length;
    byId('new').textContent = t('newOnes', { n: number(fresh) });
    for (const id of this.#chosen) if (!known.has(id)) this.#chosen.delete(id);
    keepingPlace(() => {
      byId('new').hidden = fresh === 0;
      showGallery(this.#shown, this.#chosen, left, !isLive(this.query) || this.query.state === 'completed', this.changed);
      this.#showPages(answer);
      this.#showBulk();
    });
  }

  /** @param {Answer} answer */
  #showPages(answer) {
    const live = isLive(this.query);
    const count = answer.videos.length;
    byId('more').hidden = !live || count < this.#limit || this.#limit >= liveLimit;
    if (live && count >= liveLimit) {
      byId('gallery-empty').hidden = false;
      byId('gallery-empty').textContent = t('tooMany');
    }
    byId('pages').hidden = live || (!answer.next && !this.query.after);
    byId('first').hidden = !this.query.after;
    byId('next').hidden = !answer.next;
    const total = live ? undefined : this.#total;
    byId('page').hidden = total === undefined;
    byId('page').textContent = t('page', { n: number(this.page), of: number(Math.max(this.page, Math.ceil((total ?? 0) / pageSize))) });
    byId('total').hidden = total === undefined;
    // So many that they are not put in order by themselves.
    const isUnsorted = this.query.state === 'pending' && answer.total === null;
    byId('total').textContent = t(isUnsorted ? 'totalUnsorted' : 'total', { n: number(total ?? 0) });
  }

  /** What can be done to those chosen, and to all that match. */
  #showBulk() {
    const bar = byId('bulk');
    const chosen = this.#shown.filter(({ id }) => this.#chosen.has(id));
    const videoIds = chosen.map(({ id }) => id);
    const state = this.query.state ?? 'recent';
    const total = this.#total ?? 0;
    /** @type {[Operation, boolean][]} */
    const operations = chosen.length
      ? [['retry', chosen.some((v) => v.canRestart)], ['dismiss', chosen.some((v) => v.canDismiss)], ['cancel', chosen.some((v) => v.canCancel)], ['restore', chosen.some((v) => v.dismissed)]]
      : isLive(this.query) || !total ? []
        : [['retry', ['failed', 'dismissed'].includes(state)], ['dismiss', state === 'failed'], ['cancel', state === 'pending'], ['restore', state === 'dismissed']];
    const offered = operations.filter(([, is]) => is).map(([operation]) => operation);
    const mark = JSON.stringify([offered, videoIds, this.query, total, document.documentElement.lang]);
    bar.hidden = !chosen.length && !offered.length;
    if (bar.dataset['mark'] === mark) return;
    bar.dataset['mark'] = mark;
    bar.classList.toggle('chosen', chosen.length > 0);
    const counted = chosen.length ? t('chosen', { n: number(chosen.length) }) : t('allThatMatch', { n: number(total) });
    tell(byId('bulk-said'), bar.hidden ? '' : counted);
    redraw(bar,
      h('p', { 'aria-hidden': 'true' }, counted),
      ...offered.map((operation) => h('button', {
        type: 'button', class: operation === 'retry' ? '' : 'secondary', 'data-acts': true, 'data-name': `${operation}-${chosen.length ? 'chosen' : 'all'}`,
        click: () => {
          let isFirst = true;
          // A time before now is that before the click, not before the bar was drawn.
          void operate(operation, chosen.length ? { videoIds } : { filter: filterOf(this.query) }, () => {
            // What is chosen after that is another choice.
            if (isFirst) {
              this.#chosen.clear();
              this.#isFree = true;
              isFirst = false;
            }
            this.changed();
          });
        },
      }, t(operation))),
      ...(chosen.length ? [h('button', { type: 'button', class: 'quiet', click: () => this.#renew() }, t('chooseNone'))] : []));
    showPermission(bar);
  }
}
