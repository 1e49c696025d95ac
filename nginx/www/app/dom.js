// @ts-check
/** @typedef {string | number | Node | null | undefined | false} Child */

/**
 * An element with attributes (functions become listeners, `true` an empty attribute, false and null none) and children. Text is text:
 * nothing here is ever parsed as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} [attributes]
 * @param {...Child} children
 */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element ${id}`);
  return element;
}

/**
 * Shows exactly one element for each item, in their order, and keeps those that are there: what has the focus keeps it.
 *
 * @template Item
 * @param {Element} parent
 * @param {Item[]} items
 * @param {(item: Item) => string} key
 * @param {(item: Item) => HTMLElement} make
 * @param {(element: HTMLElement, item: Item) => void} update
 */
export function keyed(parent, items, key, make, update) {
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();
  const wanted = new Set(items.map(key));
  for (const child of [...parent.children]) {
    const name = child instanceof HTMLElement ? child.dataset['key'] : undefined;
    // Without a key: a shape that stood for what was to come. What goes makes room first: what stays is not moved, which would take its focus.
    if (name === undefined || !wanted.has(name)) child.remove();
    else known.set(name, /** @type {HTMLElement} */ (child));
  }
  /** @type {Element | null} */
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let element = known.get(name);
    if (!element) {
      element = make(item);
      element.dataset['key'] = name;
    }
    update(element, item);
    if (element === place) place = element.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}

/**
 * Draws what is in an element anew. What has the focus keeps it, in what stands there now under the same name; so do boxes their scrolling.
 *
 * @param {Element} parent
 * @param {...(Node | string)} children
 */
export function redraw(parent, ...children) {
  const active = document.activeElement;
  const before = stops(parent);
  const place = active ? before.indexOf(active) : -1;
  if (!active || place < 0) {
    replace(parent, children);
    return;
  }
  const name = nameOf(active);
  const which = before.slice(0, place).filter((stop) => nameOf(stop) === name).length;
  replace(parent, children);
  const after = stops(parent);
  const alike = after.filter((stop) => nameOf(stop) === name);
  /** @type {HTMLElement | undefined} */ (alike[which] ?? alike.at(-1) ?? after[Math.min(place, after.length - 1)])?.focus({ preventScroll: true });
}

/**
 * Shows something else. Whoever stood in what has gone with it stands at the heading of its section, not at the beginning of the page.
 *
 * @param {() => void} show
 */
export function keepingPlace(show) {
  const heading = document.activeElement?.closest('section[aria-labelledby]')?.querySelector('h2');
  show();
  const now = document.activeElement;
  if (!heading || (now && now !== document.body && now.getClientRects().length > 0)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/**
 * Has it read out. The place is there from the beginning: words that come together with it are not.
 *
 * @param {Element} place @param {string} text
 */
export function tell(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** @param {Element} parent @param {(Node | string)[]} children */
function replace(parent, children) {
  const places = new Map(Array.from(parent.querySelectorAll('.scroll'), (box) => [nameOf(box), /** @type {const} */ ([box.scrollLeft, box.scrollTop])]));
  parent.replaceChildren(...children);
  for (const box of parent.querySelectorAll('.scroll')) box.scrollTo(...(places.get(nameOf(box)) ?? [0, 0]));
}

/** @param {Element} parent @returns {Element[]} where the focus can be */
function stops(parent) {
  return [...parent.querySelectorAll('a[href], button:not(:disabled), input, summary, [tabindex]')];
}

/** @param {Element} stop */
function nameOf(stop) {
  return stop.getAttribute('data-name') ?? stop.getAttribute('aria-label') ?? stop.textContent;
}

/** @param {Element} element @param {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} attributes */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
}

/** @param {Element} element @param {Child[]} children */
function append(element, children) {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  }
}
