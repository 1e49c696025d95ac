// @ts-check
import { language } from '../app/language.js';

/** @typedef {import('./video-thumbnail.js').VideoThumbnailElement} VideoThumbnailElement */
/** @typedef {import('./video-thumbnail.js').VideoThumbnailRow} Row */
const element = /** @type {VideoThumbnailElement} */ (document.getElementById('live'));
const said = /** @type {HTMLElement} */ (document.getElementById('said'));
const button = /** @type {HTMLButtonElement} */ (document.getElementById('language'));

/** Each paragraph stands there in both languages; the one that is not chosen is hidden (style.css). */
function showLanguage() {
  const isChinese = language.current === 'zh';
  document.documentElement.lang = isChinese ? 'zh-CN' : 'en';
  button.textContent = isChinese ? 'English' : '中文';
  button.lang = isChinese ? 'en' : 'zh-CN';
  element.lang = document.documentElement.lang;
}

button.hidden = false;
button.addEventListener('click', () => {
  language.switch();
  showLanguage();
});
document.documentElement.classList.add('one-language');
showLanguage();

/** @type {Row[]} */
const steps = [
  { thumbnail_url: null, thumbnail_generation_status: 'pending' },
  { thumbnail_url: null, thumbnail_generation_status: 'processing' },
  { thumbnail_url: null, thumbnail_generation_status: 'failed', thumbnail_generation_error: 'the origin answered 503' },
];
/** @type {Row} */
const last = {
  thumbnail_url: 'demo-picture.svg', thumbnail_generation_status: 'completed', thumbnail_generation_error: null,
  thumbnail_metadata: { width: 960, height: 540, dominantColor: '#2f5bea', storyboard: { url: 'demo.vtt' } },
};

/** Through waiting and working to a failure, which waits for its button; the second time it goes well. */
function next() {
  const row = steps.shift();
  if (row) element.video = row;
  if (steps.length) setTimeout(next, 2500);
}

element.addEventListener('retry', (event) => {
  said.textContent = `retry ${JSON.stringify(event.detail)}`;
  element.status = 'processing';
  setTimeout(() => (element.video = last), 2000);
});
next();
