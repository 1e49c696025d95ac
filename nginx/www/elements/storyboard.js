import { safeURL } from './metadata.js';

/** More tiles than a storyboard has are not looked at. */
const limit = 500;
const seconds = (text) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

/** The tiles of a WebVTT whose cues name pictures by `#xywh=`: `[{ start, url, box: 'x y w h' }]`. */
export function tiles(text, base) {
  const found = text.matchAll(/^([\d:.]+)[ \t]+-->.*\r?\n(\S+)#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)/gm);
  return Array.from(found).slice(0, limit)
    .map(([, start, url, ...box]) => ({ start: seconds(start), url: safeURL(url, base), box: box.join(' ') })).filter(({ url }) => url);
}

/**
 * Shows the tiles of a storyboard in `stage`: under the pointer, and by the arrow keys of `handle`, until `signal` ends it.
 * Where less motion is wanted nothing moves by the pointer alone.
 */
export function attach(stage, handle, address, signal) {
  const url = safeURL(address);
  if (!url) return;
  const isStill = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const image = document.createElementNS(svg.namespaceURI, 'image');
  const [bar, time] = ['bar', 'time'].map((part) => Object.assign(document.createElement('span'), { className: part }));
  let list = [];
  let loading = null;
  let index = -1;
  svg.classList.add('tile');
  for (const part of [svg, bar, time]) part.setAttribute('part', part.classList[0]);
  svg.append(image);

  const load = () => (loading ??= fetch(url, { signal }).then(async (answer) => {
    if (answer.ok) list = tiles(await answer.text(), answer.url);
  }).catch(() => {
    // Then there is no preview this time.
  }));
  const hide = () => {
    index = -1;
    // Whoever comes back later asks again for what could not be had.
    if (!list.length) loading = null;
    stage.replaceChildren();
  };
  const show = (wanted) => {
    index = Math.max(0, Math.min(list.length - 1, wanted));
    const { start, url, box } = list[index];
    svg.setAttribute('viewBox', box);
    image.setAttribute('href', url);
    time.textContent = `${Math.floor(start / 60)}:${String(Math.floor(start % 60)).padStart(2, '0')}`;
    bar.style.width = `${(index + 1) / list.length * 100}%`;
    stage.ariaValueMax = String(list.length);
    stage.ariaValueNow = String(index + 1);
    stage.ariaValueText = time.textContent;
    stage.replaceChildren(svg, bar, time);
  };
  const isMirrored = () => getComputedStyle(stage).direction === 'rtl';
  const on = (target, name, act) => target.addEventListener(name, act, { signal });

  on(stage, 'pointermove', async ({ clientX, pointerType }) => {
    if (isStill?.matches || pointerType === 'touch') return;
    const { left, width } = stage.getBoundingClientRect();
    const share = (clientX - left) / width;
    await load();
    if (list.length && stage.matches(':hover')) show(Math.floor((isMirrored() ? 1 - share : share) * list.length));
  });
  on(stage, 'pointerleave', hide);
  on(handle, 'focus', load);
  on(handle, 'blur', hide);
  on(handle, 'keydown', async (event) => {
    const forward = isMirrored() ? -1 : 1;
    const steps = { ArrowRight: forward, ArrowLeft: -forward, ArrowUp: 1, ArrowDown: -1, Home: -limit, End: limit, Escape: 0 };
    if (!Object.hasOwn(steps, event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') {
      if (index >= 0) event.stopPropagation();
      hide();
      return;
    }
    event.preventDefault();
    await load();
    if (list.length) show(index + steps[event.key]);
  });
}
