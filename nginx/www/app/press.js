// @ts-check
let isPressed = false;
/** @type {Set<() => void>} */
const waiting = new Set();

function release() {
  isPressed = false;
  // The click comes after it.
  setTimeout(() => {
    for (const go of waiting) go();
    waiting.clear();
  });
}

addEventListener('pointerdown', () => (isPressed = true), true);
for (const name of ['pointerup', 'pointercancel', 'dragend', 'blur']) addEventListener(name, release, true);

/**
 * Ends when nothing is held down: a button that is made anew between pressing and letting go is never clicked.
 *
 * @returns {Promise<void>}
 */
export function released() {
  return isPressed ? new Promise((resolve) => void waiting.add(resolve)) : Promise.resolve();
}
