// @ts-check
import { api } from './api.js';
import { asked } from './confirm.js';
import { h } from './dom.js';
import { serverSays } from './errors.js';
import { t } from './language.js';
import { nameField } from './person.js';

/** @typedef {import('./types').Paused} Paused */
/** @type {readonly ('all' | 'tenant' | 'host')[]} */
const scopes = ['all', 'tenant', 'host'];

/**
 * Asks what is to be paused, and why, and pauses it.
 *
 * @param {() => void} changed
 * @param {(text: string) => void} failed
 * @param {string} [tenant] the uploader to begin with
 */
export async function pause(changed, failed, tenant) {
  const name = h('input', { id: 'pause-name', maxlength: 255, spellcheck: false, autocomplete: 'off', required: true, pattern: '.*\\S.*', disabled: !tenant, value: tenant ?? '' });
  const nameLine = h('p', { class: 'field', hidden: !tenant }, h('label', { for: 'pause-name' }, t('pauseName_tenant')), name);
  const why = h('input', { id: 'pause-why', maxlength: 200, autocomplete: 'off' });
  let scope = tenant ? 'tenant' : 'all';
  const choice = h('fieldset', {}, h('legend', {}, t('pauseWhat')),
    ...scopes.map((value) => h('label', { class: 'choice' },
      h('input', {
        type: 'radio', name: 'scope', value, checked: value === scope,
        change: () => {
          scope = value;
          nameLine.hidden = value === 'all';
          name.disabled = value === 'all';
          if (value !== 'all') /** @type {HTMLElement} */ (nameLine.firstElementChild).textContent = t(`pauseName_${value}`);
        },
      }), t(`pauseScope_${value}`))));
  const goes = await asked(t('pauseTitle'), t('pauseGo'), h('p', {}, t('pauseAbout')), choice, nameLine,
    h('p', { class: 'field' }, h('label', { for: 'pause-why' }, t('pauseWhy')), why), nameField());
  if (!goes) return;
  await api.operate({ operation: 'pause', ...(scope === 'all' ? {} : { [scope]: name.value.trim() }), ...(why.value.trim() ? { reason: why.value.trim() } : {}) })
    .then(changed, (error) => failed(serverSays(error)));
}

/** @param {Paused} paused @returns {Promise<unknown>} */
export function resume({ tenant, host }) {
  return api.operate({ operation: 'resume', ...(tenant ? { tenant } : {}), ...(host ? { host } : {}) });
}

/** @param {Paused} paused @returns {string} what of it is paused */
export function pausedWhat({ tenant, host }) {
  return tenant ? t('paused_tenant', { name: tenant }) : host ? t('paused_host', { name: host }) : t('paused_all');
}
