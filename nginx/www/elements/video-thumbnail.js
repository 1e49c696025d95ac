/**
 * <video-thumbnail>: a video's thumbnail, or what is happening instead. No dependencies; types in video-thumbnail.d.ts.
 *
 *     <video-thumbnail video-id="…" status="pending" poll="/api/videos/…"></video-thumbnail>
 */
const texts = {
  en: { pending: 'Waiting…', processing: 'Generating…', failed: 'Failed', retry: 'Retry', thumbnail: 'Thumbnail', missing: 'Picture unavailable' },
  zh: { pending: '等待生成…', processing: '生成中…', failed: '生成失败', retry: '重试', thumbnail: '缩略图', missing: '图片无法显示' },
};

const style = new CSSStyleSheet();
style.replaceSync(`
  :host { display: block; aspect-ratio: 16 / 9; position: relative; overflow: hidden; container-type: inline-size;
    border-radius: var(--video-thumbnail-radius, 8px); background: var(--video-thumbnail-background, #1d2333); color: var(--video-thumbnail-color, #e8ecf6);
    font: 500 0.875rem/1.4 system-ui, sans-serif; }
  :host([hidden]) { display: none; }
  img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
  .state { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 0.5rem; padding: 0.5rem; text-align: center; }
  .spinner { width: 1.5rem; height: 1.5rem; border-radius: 50%; border: 3px solid currentColor; border-right-color: transparent; animation: turn 1s linear infinite; }
  .dots { width: 1.5rem; height: 1.5rem; border-radius: 50%; border: 3px dashed currentColor; opacity: 0.7; }
  .mark { width: 1.5rem; height: 1.5rem; border-radius: 50%; background: #ffb4a8; color: #5b1007; display: grid; place-content: center; font-weight: 700; }
  button { font: inherit; padding: 0.25rem 0.9rem; min-height: 1.75rem; border-radius: 999px; border: 1px solid currentColor; background: transparent; color: inherit; cursor: pointer; }
  button:hover { background: rgb(255 255 255 / 0.15); }
  button:focus-visible { outline: 3px solid #8fb0ff; outline-offset: 2px; }
  .still { position: absolute; inset: auto 0.4rem 0.4rem auto; padding: 0.1rem 0.5rem; border-radius: 999px; background: rgb(0 0 0 / 0.7); color: #fff; font-size: 0.75rem; }
  @container (max-width: 11rem) { .state { gap: 0.15rem; padding: 0.25rem; font-size: 0.8125rem; } .mark { display: none; } .spinner, .dots { width: 1rem; height: 1rem; } }
  @keyframes turn { to { transform: rotate(1turn); } }
  @media (prefers-reduced-motion: reduce) { .spinner { animation: none; } }
`);

export class VideoThumbnailElement extends HTMLElement {
  static observedAttributes = ['video-id', 'status', 'src', 'alt', 'error', 'poll', 'interval', 'quiet', 'lang'];

  #shown = '';
  #broken = '';
  #timer = 0;
  #failures = 0;
  /** Retry was pressed: what comes of it is awaited as what has not failed. */
  #eager = false;
  #request = /** @type {AbortController | null} */ (null);
  #onVisible = () => this.refresh();

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [style];
  }

  get videoId() { return this.getAttribute('video-id'); }
  set videoId(value) { this.#set('video-id', value); }
  get status() {
    const word = this.getAttribute('status');
    return word === 'pending' || word === 'processing' || word === 'completed' || word === 'failed' ? word : null;
  }
  set status(value) { this.#set('status', value); }
  get src() { return this.getAttribute('src'); }
  set src(value) { this.#set('src', value); }
  get alt() { return this.getAttribute('alt') ?? ''; }
  set alt(value) { this.#set('alt', value); }
  get error() { return this.getAttribute('error'); }
  set error(value) { this.#set('error', value); }
  get poll() { return this.getAttribute('poll'); }
  set poll(value) { this.#set('poll', value); }
  get interval() { return Math.min(3600, Math.max(1, Number(this.getAttribute('interval')) || 3)); }
  set interval(value) { this.#set('interval', String(value)); }
  get quiet() { return this.hasAttribute('quiet'); }
  set quiet(value) { this.toggleAttribute('quiet', value); }

  set video(row) {
    if (row.id !== undefined) this.videoId = row.id;
    this.error = row.thumbnail_generation_error ?? null;
    this.src = row.thumbnail_url;
    this.status = row.thumbnail_generation_status;
  }

  refresh() {
    this.#broken = '';
    this.#show();
    this.#schedule(0);
  }

  connectedCallback() {
    // What was set before this class was there hides its accessors.
    for (const name of ['videoId', 'status', 'src', 'alt', 'error', 'poll', 'interval', 'quiet', 'video']) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#show();
    this.#schedule(this.status === null ? 0 : this.interval);
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.#onVisible);
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.isConnected) return;
    if (name === 'src') this.#broken = '';
    if (name === 'status') this.#eager = false;
    this.#show();
    if (name === 'poll') this.#schedule(0);
    else if (name === 'status' || name === 'interval') this.#schedule(this.interval);
  }

  #set(name, value) {
    if (value === null || value === undefined || value === '') this.removeAttribute(name);
    else if (this.getAttribute(name) !== value) this.setAttribute(name, value);
  }

  get #texts() {
    const language = this.lang || this.closest('[lang]')?.getAttribute('lang') || navigator.language;
    return /^zh\b/i.test(language) ? texts.zh : texts.en;
  }

  /** A URL that can only be a picture: script and file URLs from a database are not followed. */
  get #picture() {
    const text = this.src;
    if (!text || text === this.#broken) return null;
    try {
      const url = new URL(text, document.baseURI);
      return ['http:', 'https:'].includes(url.protocol) || /^data:image\//i.test(text) ? url.href : null;
    } catch {
      return null;
    }
  }

  #show() {
    const words = this.#texts;
    const picture = this.#picture;
    const status = this.status ?? (picture ? 'completed' : 'pending');
    const state = status === 'completed' && !picture ? 'missing' : status;
    const mark = JSON.stringify([state, picture, this.alt, this.error, this.quiet, words.retry]);
    if (mark === this.#shown || !this.shadowRoot) return;
    this.#shown = mark;
    const parts = [];
    if (picture) {
      const image = document.createElement('img');
      image.alt = this.alt || words.thumbnail;
      image.decoding = 'async';
      image.loading = 'lazy';
      // Words instead of a broken picture.
      image.onerror = () => {
        this.#broken = this.src ?? '';
        this.#show();
      };
      image.src = picture;
      parts.push(image);
    }
    if (state !== 'completed') parts.push(picture ? this.#badge(state, words) : this.#panel(state, words));
    this.shadowRoot.replaceChildren(...parts);
  }

  /** Beside a picture that is still shown while a new one is made. */
  #badge(state, words) {
    const badge = document.createElement('span');
    badge.className = 'still';
    badge.textContent = words[state];
    if (state === 'failed') {
      if (this.error) badge.title = this.error;
      if (!this.quiet) badge.append(' ', this.#retryButton(words));
    }
    return badge;
  }

  #panel(state, words) {
    const panel = document.createElement('div');
    panel.className = 'state';
    panel.part.add('state');
    const sign = document.createElement('span');
    sign.className = { pending: 'dots', processing: 'spinner', failed: 'mark', missing: 'dots' }[state];
    sign.textContent = state === 'failed' ? '!' : '';
    sign.ariaHidden = 'true';
    const text = document.createElement('span');
    text.textContent = words[state];
    text.setAttribute('role', 'status');
    panel.append(sign, text);
    if (state === 'failed') {
      if (this.error) panel.title = this.error;
      if (!this.quiet) panel.append(this.#retryButton(words));
    }
    return panel;
  }

  #retryButton(words) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = words.retry;
    button.part.add('retry');
    if (this.alt) button.ariaLabel = `${words.retry}: ${this.alt}`;
    button.onclick = (event) => {
      event.stopPropagation();
      event.preventDefault();
      this.#eager = true;
      this.#emit('retry', { videoId: this.videoId });
      this.#schedule(this.interval);
    };
    return button;
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  /** Not while the page is hidden, nor once there is nothing more to come; seldom where hardly anything is to be expected. */
  #schedule(seconds) {
    clearTimeout(this.#timer);
    if (!this.isConnected || !this.poll || document.hidden || (this.status === 'completed' && this.#picture)) return;
    const isSeldom = this.status === 'completed' || (this.status === 'failed' && !this.#eager);
    this.#timer = window.setTimeout(() => void this.#ask(), seconds * (isSeldom ? 10 : 1) * 1000);
  }

  async #ask() {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const before = this.status;
    try {
      const response = await fetch(this.poll ?? '', { signal: request.signal, headers: { accept: 'application/json' } });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      this.video = await response.json();
      this.#failures = 0;
    } catch {
      if (request.signal.aborted) return;
      // Nobody answers: the state shown stays, and the question is asked less and less often.
      this.#failures = Math.min(this.#failures + 1, 5);
    }
    if (this.status !== before) this.#emit('statuschange', { videoId: this.videoId, status: this.status });
    this.#schedule(this.interval * 2 ** this.#failures);
  }
}

if (!customElements.get('video-thumbnail')) customElements.define('video-thumbnail', VideoThumbnailElement);
