// On a server there is no DOM: everything can be imported there, and a row becomes attributes.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

assert.equal(globalThis.document, undefined);
const { attributesOf, VideoThumbnailElement } = await import('video-thumbnail');
for (const entry of ['react', 'supabase', 'jsx', 'vue', 'svelte', 'video.types']) await import(`video-thumbnail/${entry}`);
assert.equal(typeof VideoThumbnailElement, 'function');
assert.deepEqual(VideoThumbnailElement.observedAttributes.includes('metadata'), true);
assert.deepEqual(
  attributesOf({ id: 'a', thumbnail_url: null, thumbnail_generation_status: 'odd', thumbnail_metadata: { width: 960, stagesMs: { fetch: 1 }, thumbHash: 'x' } }),
  { 'video-id': 'a', error: undefined, metadata: '{"width":960,"thumbHash":"x"}', src: null, status: 'odd' });
assert.deepEqual(Object.values(attributesOf(null)), Array(5).fill(undefined));
// A bundler of React's server components leaves it to the browser by this first line.
assert.match(await readFile(fileURLToPath(import.meta.resolve('video-thumbnail/react')), 'utf8'), /^'use client';\n/);
