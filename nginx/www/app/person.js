// @ts-check
import { h } from './dom.js';
import { t } from './language.js';

const storageKey = 'thumbnails-name';
let unkept = '';

/** The name under which this person's doings stand in the history; empty where they have told none. */
export const person = {
  get name() {
    try {
      return localStorage.getItem(storageKey) ?? unkept;
    } catch {
      return unkept;
    }
  },
  set name(text) {
    unkept = text;
    try {
      localStorage.setItem(storageKey, text);
    } catch {
      // Kept above.
    }
  },
};

/** A field to tell it; `person.name` follows. */
export function nameField() {
  const input = h('input', { id: 'person-name', name: 'by', autocomplete: 'nickname', maxlength: 60, value: person.name });
  input.addEventListener('change', () => (person.name = input.value.trim()));
  return h('p', { class: 'field' }, h('label', { for: 'person-name' }, t('yourName')), input);
}
