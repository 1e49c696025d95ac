/**
 * <video-thumbnail>: a video's thumbnail, or what is happening instead. No dependencies; types in video-thumbnail.d.ts.
 *
 *     <video-thumbnail video-id="…" status="pending" poll="/api/videos/…"></video-thumbnail>
 */
import { labels } from './labels.js';
import { attributesOf, packed, safeURL, shape, sources } from './metadata.js';
import { css } from './style.js';
import { thumbHash } from './thumbhash.js';

export { attributesOf };

// On a server there is no DOM: there the class can be imported, and is never made.
const Base = globalThis.HTMLElement ?? class {};
const states = ['pending', 'processing', 'completed', 'failed'];
const attributes = ['video-id', 'src', 'error', 'poll', 'sizes', 'status', 'alt', 'interval', 'quiet', 'metadata', 'labels', 'lang'];
const sheets = new WeakMap();

/** An element that is its own part. */
function make(name, part, ...children) {
  const element = document.createElement(name);
  if (part) element.part = element.className = part;
  element.append(...children);
  return element;
}

/** A sheet made by script is not what a policy against inline styles forbids. Each window takes only its own. */
function sheet(text, window) {
  const made = sheets.get(window) ?? {};
  sheets.set(window, made);
  if (!made[text]) {
    const fresh = new window.CSSStyleSheet();
    fresh.replaceSync(text);
    made[text] = fresh;
  }
  return made[text];
}

function parsed(json) {
  try {
    const value = JSON.parse(json);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

export class VideoThumbnailElement extends Base {
  static get observedAttributes() { return attributes; }
  static get labels() { return labels; }

  #image = make('img', 'picture');
  #frame = make('picture', '', this.#image);
  #placeholder = make('canvas', 'placeholder');
  #stage = make('div', 'storyboard');
  #slot = make('slot');
  /** It stays and what is in it changes: a place that comes with its words is not read out, and one that goes takes the focus along. */
  #said = make('div');
  #style = make('style');
  #marks = {};
  /** The address that could not be loaded, and whether only one of its sizes could not. */
  #broken = '';
  #isPlain = false;
  #row = null;
  #isTaking = false;
  /** Painted once: from then on its shape stays. */
  #isPainted = false;
  #timer = 0;
  #failures = 0;
  /** Retry was pressed: what comes of it is awaited as what has not failed. */
  #eager = false;
  #request = null;
  /** Ends with the time in the page. */
  #stay = null;
  #preview = null;

  constructor() {
    super();
    this.attachShadow({ mode: 'open' });
    this.#dress(css);
    this.shadowRoot.append(this.#placeholder, this.#frame, this.#slot, this.#stage, this.#said);
    // Painted with what changes beside it: else there is a moment with neither placeholder nor picture.
    this.#image.decoding = 'sync';
    this.#image.onload = () => (this.#placeholder.hidden = true);
    // Without the other sizes first, then words instead of a broken picture.
    this.#image.onerror = () => {
      if (this.#isPlain || this.#frame.childElementCount + this.#image.srcset.length < 2) this.#broken = this.src ?? '';
      this.#isPlain = true;
      this.#show();
    };
    this.#slot.onslotchange = () => this.#show();
    this.#said.role = 'status';
    this.#said.className = 'said';
  }

  get videoId() { return this.getAttribute('video-id'); }
  set videoId(value) { this.#set('video-id', value); }
  get src() { return this.getAttribute('src'); }
  set src(value) { this.#set('src', value); }
  get error() { return this.getAttribute('error'); }
  set error(value) { this.#set('error', value); }
  get poll() { return this.getAttribute('poll'); }
  set poll(value) { this.#set('poll', value); }
  get sizes() { return this.getAttribute('sizes'); }
  set sizes(value) { this.#set('sizes', value); }
  get status() { return states.find((state) => state === this.getAttribute('status')) ?? null; }
  set status(value) { this.#set('status', value); }
  get alt() { return this.getAttribute('alt') ?? ''; }
  set alt(value) { this.#set('alt', value); }
  get interval() { return Math.min(3600, Math.max(1, Number(this.getAttribute('interval')) || 3)); }
  set interval(value) { this.#set('interval', value); }
  get quiet() { return this.hasAttribute('quiet'); }
  set quiet(value) { this.toggleAttribute('quiet', value === '' || Boolean(value)); }
  get metadata() { return parsed(this.getAttribute('metadata')); }
  set metadata(value) { this.#set('metadata', packed(value)); }
  get labels() { return parsed(this.getAttribute('labels')); }
  set labels(value) { this.#set('labels', value && typeof value === 'object' ? JSON.stringify(value) : value); }

  get video() { return this.#row; }
  set video(row) {
    this.#row = row ?? null;
    const next = attributesOf(row);
    const id = next['video-id'];
    // Of another video nothing stays; of the same one, what the row does not name.
    const isOther = !row || (id !== undefined && id !== this.videoId);
    this.#isTaking = true;
    for (const name in next) if (isOther || next[name] !== undefined) this.#set(name, next[name]);
    this.#isTaking = false;
    this.#show();
  }

  refresh() {
    this.#broken = '';
    this.#isPlain = false;
    this.#show();
    this.#schedule(0);
  }

  connectedCallback() {
    // What was set before this class was there hides its accessors.
    for (const name of ['videoId', 'video', ...attributes]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#stay = new AbortController();
    // Nothing is tried again by a page that is left.
    document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(this.#timer) : this.refresh()), { signal: this.#stay.signal });
    requestAnimationFrame(() => (this.#isPainted = true));
    delete this.#marks.storyboard;
    this.#show();
    this.#schedule(this.status === null ? 0 : this.interval);
  }

  /** Another document, such as a window of its own, takes the sheets away. */
  adoptedCallback() {
    this.#isPainted = false;
    this.#dress(css);
  }

  disconnectedCallback() {
    this.#stay.abort();
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#preview?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.isConnected) return;
    if (name === 'src') {
      this.#broken = '';
      this.#isPlain = false;
    }
    if (name === 'status') this.#eager = false;
    this.#show();
    if (name === 'poll') {
      this.#request?.abort();
      this.#schedule(0);
    }
    if (name === 'status' || name === 'interval') this.#schedule(this.interval);
  }

  #set(name, value) {
    if (value === null || value === undefined || value === '') this.removeAttribute(name);
    else if (this.getAttribute(name) !== String(value)) this.setAttribute(name, value);
  }

  get #words() {
    let at = this;
    let near = null;
    // What stands in another component has the language that this one stands in.
    while (at && !(near = at.closest('[lang]'))) at = at.getRootNode().host;
    const [language] = (near?.lang || navigator.language).toLowerCase().split('-');
    return { ...labels.en, ...labels[language], ...this.labels };
  }

  get #picture() {
    return this.src && this.src !== this.#broken ? safeURL(this.src) : null;
  }

  #dress(...texts) {
    try {
      this.shadowRoot.adoptedStyleSheets = texts.map((text) => sheet(text, this.ownerDocument.defaultView));
    } catch {
      // Safari before 16.4 and jsdom have no such sheets.
      this.#style.textContent = texts.join('');
      this.shadowRoot.append(this.#style);
    }
  }

  /** Does something only when what it depends on has changed. */
  #once(name, facts, act) {
    const mark = JSON.stringify(facts);
    if (this.#marks[name] === mark) return;
    this.#marks[name] = mark;
    act();
  }

  #show() {
    if (!this.isConnected || this.#isTaking) return;
    const words = this.#words;
    const picture = this.#picture;
    const hasOwn = !picture && !this.#broken && this.querySelector(':scope > img') !== null;
    const status = this.status ?? (picture || hasOwn ? 'completed' : 'pending');
    const state = status === 'completed' && !picture && !hasOwn ? 'missing' : status;
    const metadata = this.metadata ?? {};
    this.#slot.hidden = !hasOwn;
    const ratio = shape(metadata);
    if (ratio && !this.#isPainted) this.#dress(css, `:host { aspect-ratio: ${ratio}; }`);
    this.#once('picture', [picture, this.#isPlain, this.sizes, metadata.sizes, metadata.thumbHash, metadata.dominantColor], () => {
      this.#showPlaceholder(metadata);
      this.#showPicture(picture, metadata);
    });
    this.#image.alt = this.alt || words.thumbnail;
    this.#once('storyboard', [metadata.storyboard?.url, picture && state], () => this.#showStoryboard(picture && state === 'completed' && metadata.storyboard?.url));
    this.#stage.ariaLabel = [words.preview, this.alt].filter(Boolean).join(': ');
    this.#once('state', [state, Boolean(picture || hasOwn), this.alt, this.error, this.quiet, words], () => this.#showState(state, picture || hasOwn, words));
  }

  #showPlaceholder({ thumbHash: hash, dominantColor: color }) {
    const canvas = this.#placeholder;
    canvas.style.background = /^#[0-9a-f]{6}$/i.test(color) ? color : '';
    canvas.hidden = !canvas.style.background;
    canvas.width = 0;
    if (typeof hash !== 'string' || hash.length > 64) return;
    try {
      const image = thumbHash(hash);
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext('2d').putImageData(image, 0, 0);
      canvas.hidden = false;
    } catch {
      // It is not a hash: the colour alone stands there.
    }
  }

  #showPicture(picture, metadata) {
    const image = this.#image;
    const other = picture && !this.#isPlain ? sources(metadata, this.src) : [];
    // Where the browser cannot tell the width by itself, it is that of now.
    const sizes = this.sizes ?? `auto, ${this.clientWidth || 480}px`;
    const last = other.pop()?.[1] ?? '';
    this.#frame.hidden = !picture;
    this.#frame.replaceChildren(...other.map(([type, srcset]) => Object.assign(make('source'), { type, srcset, sizes })), image);
    image.loading = 'lazy';
    image.sizes = sizes;
    image.srcset = last;
    if (picture) image.src = picture;
    else image.removeAttribute('src');
  }

  #showStoryboard(url) {
    this.#preview?.abort();
    this.#preview = new AbortController();
    const stage = this.#stage;
    stage.replaceChildren();
    stage.hidden = !url;
    if (!url) return;
    // In a link the keys are those of the link: nothing in it may be a stop of its own.
    const link = this.closest('a[href], button');
    stage.role = link ? null : 'slider';
    stage.tabIndex = link ? -1 : 0;
    stage.ariaHidden = link ? 'true' : null;
    stage.ariaValueNow = '0';
    const { signal } = this.#preview;
    void import('./storyboard.js').then(({ attach }) => signal.aborted || attach(stage, link ?? stage, url, signal));
  }

  #showState(state, isShown, words) {
    const place = this.#said;
    const focused = this.shadowRoot.activeElement;
    const hadFocus = place.contains(focused);
    // Whoever waits there is told that the picture has come.
    const text = make('span', 'text', words[state] ?? (hadFocus ? this.#image.alt : ''));
    const said = make('div', isShown ? 'badge' : 'state', text);
    said.classList.add(state);
    if (!isShown) {
      const sign = make('span', 'sign', state === 'failed' ? '!' : '');
      sign.ariaHidden = 'true';
      said.prepend(sign);
    }
    let button = null;
    if (state === 'failed') {
      if (this.error) {
        const why = make('span', 'why', this.error);
        said.title = this.error;
        why.id = 'why';
        said.append(why);
      }
      if (!this.quiet) said.append((button = this.#retryButton(words)));
    }
    place.replaceChildren(said);
    // Whoever pressed the button is not sent to the top of the page.
    if (hadFocus) {
      place.tabIndex = -1;
      ((focused !== place && button) || place).focus();
    }
  }

  #retryButton(words) {
    const button = make('button', 'retry', words.retry);
    button.type = 'button';
    button.setAttribute('aria-describedby', 'why');
    if (this.alt) button.ariaLabel = `${words.retry}: ${this.alt}`;
    button.onclick = (event) => {
      event.stopPropagation();
      event.preventDefault();
      this.#eager = true;
      this.#emit('retry');
      this.#schedule(this.interval);
    };
    return button;
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail: { videoId: this.videoId, ...detail } }));
  }

  /** Not while the page is hidden, nor once there is nothing more to come; seldom where hardly anything is to be expected. */
  #schedule(seconds) {
    clearTimeout(this.#timer);
    if (!this.isConnected || !this.poll || document.hidden || (this.status === 'completed' && this.#picture)) return;
    const isSeldom = this.status === 'completed' || (this.status === 'failed' && !this.#eager);
    this.#timer = setTimeout(() => void this.#ask(), seconds * (isSeldom ? 10 : 1) * 1000);
  }

  async #ask() {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const before = this.status;
    try {
      const response = await fetch(this.poll, { signal: request.signal, headers: { accept: 'application/json' } });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      this.video = await response.json();
      this.#failures = 0;
    } catch {
      if (request.signal.aborted) return;
      // Nobody answers: the state shown stays, and the question is asked less and less often.
      this.#failures = Math.min(this.#failures + 1, 5);
    }
    if (this.status !== before) this.#emit('statuschange', { status: this.status });
    this.#schedule(this.interval * 2 ** this.#failures);
  }
}

if (globalThis.customElements && !customElements.get('video-thumbnail')) customElements.define('video-thumbnail', VideoThumbnailElement);
