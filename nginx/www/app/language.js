// @ts-check
import { Kept } from './kept.js';
import { texts } from './texts.js';

/** @typedef {import('./texts.js').Language} Language */
/** @typedef {import('./texts.js').TextKey} TextKey */
const kept = new Kept(() => localStorage, 'thumbnails-language');

/** @returns {Language} What was chosen, else what the browser prefers. */
function preferred() {
  const chosen = kept.value;
  if (chosen === 'en' || chosen === 'zh') return chosen;
  const first = navigator.languages.find((language) => /^(en|zh)\b/i.test(language)) ?? 'en';
  return /^zh/i.test(first) ? 'zh' : 'en';
}

/** @type {Language} */
let current = preferred();

export const language = {
  get current() {
    return current;
  },
  /** For `Intl`. */
  get locale() {
    return current === 'zh' ? 'zh-CN' : 'en-GB';
  },
  switch() {
    current = current === 'zh' ? 'en' : 'zh';
    kept.value = current;
  },
};

/**
 * @param {TextKey} key
 * @param {Record<string, string | number>} [values] replace `{name}`; `{name:one|many}` is the word that goes with it
 */
export function t(key, values = {}) {
  return texts[current][key].replace(/\{(\w+):(\w+)\|(\w+)\}/g, (_, name, one, many) => (String(values[name]) === '1' ? one : many))
    .replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * @param {string} key one made of a prefix and a word from the server
 * @param {TextKey} fallback
 * @param {Record<string, string | number>} [values] replace `{name}`
 */
export function lookUp(key, fallback, values) {
  return t(Object.hasOwn(texts[current], key) ? /** @type {TextKey} */ (key) : fallback, values);
}

/** @param {string | null} name a class of failures, as the server writes it */
export function className(name) {
  return name === null ? '–' : lookUp(`class_${name}`, 'class_unknown', { name });
}

/** Fills what the page itself holds: elements with `data-text`. */
export function fillStaticTexts() {
  document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-hint]')) {
    element.setAttribute('placeholder', t(/** @type {TextKey} */ (element.getAttribute('data-hint'))));
  }
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = t(/** @type {TextKey} */ (element.getAttribute('data-text')));
  }
}
