// @ts-check
/** A text that the browser keeps; where it keeps nothing, until the page is left. */
export class Kept {
  #storage;
  #key;
  #unkept = '';

  /**
   * @param {() => Storage} storage whose mere mention can throw
   * @param {string} key
   */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
  }

  /** Empty where there is none. */
  get value() {
    try {
      return this.#storage().getItem(this.#key) ?? this.#unkept;
    } catch {
      return this.#unkept;
    }
  }

  set value(text) {
    this.#unkept = text;
    try {
      if (text) this.#storage().setItem(this.#key, text);
      else this.#storage().removeItem(this.#key);
    } catch {
      // Kept above.
    }
  }
}
