// @ts-check
/** @typedef {import('./video-thumbnail.js').VideoThumbnailElement} VideoThumbnailElement */
const element = /** @type {VideoThumbnailElement} */ (document.getElementById('live'));
const said = /** @type {HTMLElement} */ (document.getElementById('said'));

/** @type {{ thumbnail_url: string | null, thumbnail_generation_status: import('./video.types').ThumbnailGenerationStatus, thumbnail_generation_error?: string }[]} */
const steps = [
  { thumbnail_url: null, thumbnail_generation_status: 'pending' },
  { thumbnail_url: null, thumbnail_generation_status: 'processing' },
  { thumbnail_url: null, thumbnail_generation_status: 'failed', thumbnail_generation_error: 'the origin answered 503' },
];
let step = 0;

/** Through waiting and working to a failure, which waits for its button; the second time it goes well. */
function next() {
  const row = steps[step];
  if (row) {
    element.video = row;
    step += 1;
    if (step < steps.length) setTimeout(next, 2500);
  }
}

element.addEventListener('retry', (event) => {
  said.textContent = `retry ${JSON.stringify(event.detail)}`;
  element.video = { thumbnail_url: null, thumbnail_generation_status: 'processing' };
  setTimeout(() => (element.video = { thumbnail_url: '../icon.svg', thumbnail_generation_status: 'completed' }), 2000);
});
next();
