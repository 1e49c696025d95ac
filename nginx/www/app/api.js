// @ts-check
import { token } from './token.js';

/** @typedef {import('./types').History} History */
/** @typedef {import('./types').Report} Report */
/** @typedef {import('./types').Restarted} Restarted */
/** @typedef {import('./types').Timeline} Timeline */
/** @typedef {import('./types').Video} Video */
const path = '/functions/v1/retry-stuck-thumbnails';

/** The secret is not, or no longer, accepted. */
export class Unauthorized extends Error {}
/** Nobody answered. */
export class Unreachable extends Error {}
/** The server answered that it cannot; `message` is its text. */
export class Refused extends Error {
  /** @param {string} text @param {number} status */
  constructor(text, status) {
    super(text);
    this.status = status;
  }
}

/** Ends whatever is under way when the person who asked for it signs out. */
let person = new AbortController();

export function endRequests() {
  person.abort();
  person = new AbortController();
}

/**
 * @param {string} query
 * @param {object} [body] makes it a POST
 * @returns {Promise<any>} what the answer holds under `data`
 */
async function call(query, body) {
  let response;
  let answer;
  const aborter = new AbortController();
  const abort = () => aborter.abort();
  const timer = setTimeout(abort, 30_000);
  const asker = person.signal;
  asker.addEventListener('abort', abort);
  try {
    response = await fetch(path + query, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token.value}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : null,
      cache: 'no-store',
      signal: aborter.signal,
    });
    answer = await response.json();
  } catch (error) {
    // A page of some proxy instead of JSON is as good as no answer.
    throw new Unreachable(response ? `HTTP ${response.status}` : String(error));
  } finally {
    clearTimeout(timer);
    asker.removeEventListener('abort', abort);
  }
  if (response.status === 401) throw new Unauthorized('Unauthorized');
  if (!response.ok || answer.success !== true) throw new Refused(answer.error ?? `HTTP ${response.status}`, response.status);
  return answer.data;
}

export const api = {
  /** @returns {Promise<Report>} */
  report: () => call('?limit=20'),
  /** @param {'24h' | '7d'} window @returns {Promise<History>} */
  history: (window) => call(`?history=${window}`),
  /** @param {string} state @param {number} limit @returns {Promise<Video[]>} */
  videos: (state, limit) => call(`?videos=${state}&limit=${limit}`),
  /** @param {string} id @returns {Promise<Timeline>} */
  timeline: (id) => call(`?videoId=${encodeURIComponent(id)}`),
  /** @param {string} id */
  retry: (id) => call('', { videoId: id }),
  /** @param {number} batch @param {{ error?: string, class?: string, before?: string }} which @returns {Promise<Restarted>} */
  retryFailed: (batch, which) => call('', { batch, status: 'failed', ...which }),
};
