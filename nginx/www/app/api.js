// @ts-check
import { clock } from './clock.js';
import { person } from './person.js';
import { token } from './token.js';

/** @typedef {import('./types').Candidate} Candidate */
/** @typedef {import('./types').History} History */
/** @typedef {import('./types').Report} Report */
/** @typedef {import('./types').Timeline} Timeline */
/** @typedef {import('./types').Operated} Operated */
/** @typedef {import('./types').VideoList} VideoList */
// Beside the page, like everything else of it: a proxy may serve all of it under a path of its own.
const reports = 'functions/v1/retry-stuck-thumbnails';
const generate = 'functions/v1/auto-generate-thumbnail';

/** The secret is not, or no longer, accepted; or `isMissing`, and none has arrived (RFC 6750, section 3.1). */
export class Unauthorized extends Error {
  /** @param {boolean} isMissing */
  constructor(isMissing) {
    super('Unauthorized');
    this.isMissing = isMissing;
  }
}
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
let session = new AbortController();

export function endRequests() {
  session.abort();
  session = new AbortController();
}

/**
 * @param {string} query
 * @param {object} [body] makes it a POST
 * @param {string} [path]
 * @param {number} [seconds] how long to wait for the answer
 * @returns {Promise<any>} what the answer holds under `data`; the answer itself where nothing was done
 */
async function call(query, body, path = reports, seconds = 30) {
  let response;
  let answer;
  const aborter = new AbortController();
  const abort = () => aborter.abort();
  const timer = setTimeout(abort, seconds * 1000);
  const asker = session.signal;
  asker.addEventListener('abort', abort);
  try {
    response = await fetch(path + query, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token.value}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : null,
      cache: 'no-store',
      signal: aborter.signal,
    });
    clock.hear(response.headers.get('date'));
    answer = await response.json();
  } catch (error) {
    // A page of some proxy instead of JSON is as good as no answer.
    throw new Unreachable(response ? `HTTP ${response.status}` : String(error));
  } finally {
    clearTimeout(timer);
    asker.removeEventListener('abort', abort);
  }
  if (response.status === 401) throw new Unauthorized(response.headers.get('www-authenticate') === 'Bearer');
  if (!response.ok || answer.success !== true) throw new Refused(answer.error ?? `HTTP ${response.status}`, response.status);
  return answer.data ?? answer;
}

export const api = {
  /** @param {number} limit of its lists @returns {Promise<Report>} */
  report: (limit) => call(`?limit=${limit}`),
  /** @param {'24h' | '7d'} window @returns {Promise<History>} */
  history: (window) => call(`?history=${window}`),
  /** @param {string} query @returns {Promise<VideoList>} */
  videos: (query) => call(query),
  /** @param {string} id @returns {Promise<Timeline>} */
  timeline: (id) => call(`?videoId=${encodeURIComponent(id)}`),
  /** @param {string} id */
  retry: (id) => call('', { videoId: id }),
  /** @param {string} id @returns {Promise<string | null>} the whole URL of a video */
  sourceURL: (id) => call(`?videoId=${encodeURIComponent(id)}&url=full`),
  /** @param {string} id @param {number} count @returns {Promise<Candidate[]>} the best seconds of a video, with small pictures */
  candidates: async (id, count) => (await call('', { videoId: id, candidates: count }, generate, 140)).candidates ?? [],
  /** @param {string} id @param {number} timeSeconds of the new picture @returns {Promise<{ thumbnailUrl?: string, reason?: string }>} the new one's, once it is made, or why none is */
  regenerate: (id, timeSeconds) => call('', { videoId: id, regenerate: true, timeSeconds }, generate, 140),
  /** @param {object} what `operation` and its fields @returns {Promise<Operated>} */
  operate: (what) => call('', { ...what, ...(person.value ? { by: person.value } : {}) }),
};
