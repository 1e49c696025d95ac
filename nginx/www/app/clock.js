// @ts-check
/** What differs less is the answer's way here, and the header's whole seconds. */
const tolerance = 5000;
let ahead = 0;

/** The server's time: whoever looks may sit at a computer whose clock is wrong. */
export const clock = {
  /** @returns {number} milliseconds since 1970 */
  now: () => Date.now() + ahead,
  /** @param {string | null} date of an answer that has just come, as HTTP has it */
  hear(date) {
    const difference = Date.parse(date ?? '') - Date.now();
    if (Number.isFinite(difference)) ahead = Math.abs(difference) > tolerance ? difference : 0;
  },
};
