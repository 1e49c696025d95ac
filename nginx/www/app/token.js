// @ts-check
const storageKey = 'thumbnails-token';

/** The bearer secret: in this tab only, and only until it is closed. */
export const token = {
  get value() {
    return sessionStorage.getItem(storageKey) ?? '';
  },
  set value(text) {
    if (text) sessionStorage.setItem(storageKey, text);
    else sessionStorage.removeItem(storageKey);
  },
};
