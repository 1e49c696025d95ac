// @ts-check
const storageKey = 'thumbnails-token';

/** Where the browser keeps nothing: until the page is left. */
let unkept = '';

/** The bearer secret: in this tab only, and only until it is closed. */
export const token = {
  get value() {
    try {
      return sessionStorage.getItem(storageKey) ?? unkept;
    } catch {
      return unkept;
    }
  },
  set value(text) {
    unkept = text;
    try {
      if (text) sessionStorage.setItem(storageKey, text);
      else sessionStorage.removeItem(storageKey);
    } catch {
      // Kept above.
    }
  },
};
