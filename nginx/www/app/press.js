// @ts-check
/** Milliseconds: who presses for longer does not click. */
const longest = 10_000;
let isPressed = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let limit;
/** @type {Set<() => void>} */
const waiting = new Set();

function release() {
  clearTimeout(limit);
  isPressed = false;
  // The click comes after it.
  setTimeout(() => {
    for (const go of waiting) go();
    waiting.clear();
  });
}

addEventListener('pointerdown', () => {
  isPressed = true;
  clearTimeout(limit);
  limit = setTimeout(release, longest);
}, true);
for (const name of ['pointerup', 'pointercancel']) addEventListener(name, release, true);
// The window's: that of an element, which does not bubble, comes with each press that takes the focus from it.
addEventListener('blur', release);
// Of a press that opened a menu of the browser's own no end is told.
addEventListener('pointermove', (event) => {
  if (isPressed && event.buttons === 0) release();
}, true);

/**
 * Ends when nothing is held down: a button that is made anew between pressing and letting go is never clicked.
 *
 * @returns {Promise<void>}
 */
export function released() {
  return isPressed ? new Promise((resolve) => void waiting.add(resolve)) : Promise.resolve();
}
