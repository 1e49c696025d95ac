// @ts-check
import { h } from './dom.js';
import { Kept } from './kept.js';
import { t } from './language.js';

/** The name under which this person's doings stand in the history; empty where they have told none. */
export const person = new Kept(() => localStorage, 'thumbnails-name');

/** A field to tell it; `person` follows. */
export function nameField() {
  const input = h('input', { id: 'person-name', name: 'by', autocomplete: 'nickname', maxlength: 60, value: person.value });
  input.addEventListener('change', () => (person.value = input.value.trim()));
  return h('p', { class: 'field' }, h('label', { for: 'person-name' }, t('yourName')), input);
}
