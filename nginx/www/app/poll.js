// @ts-check
/**
 * Looks again and again: every `seconds` while the tab is seen, every minute while it is hidden, and after failures less and less
 * often, up to a minute. Only one look at a time.
 */
export class Poll {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #failures = 0;
  #running = false;
  #again = false;
  #active = false;

  /**
   * @param {number} seconds
   * @param {() => Promise<void>} look throws when nobody answered
   * @param {(error: unknown, retrySeconds: number) => void} failed
   */
  constructor(seconds, look, failed) {
    this.seconds = seconds;
    this.look = look;
    this.failed = failed;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.now();
    });
    addEventListener('online', () => this.now());
  }

  start() {
    this.#active = true;
    this.#failures = 0;
    this.now();
  }

  stop() {
    this.#active = false;
    clearTimeout(this.#timer);
  }

  /** @returns {boolean} whether it looks at once; else it does as soon as the look under way has ended */
  now() {
    if (!this.#active) return true;
    if (this.#running) {
      this.#again = true;
      return false;
    }
    clearTimeout(this.#timer);
    void this.#run();
    return true;
  }

  async #run() {
    this.#running = true;
    let delay = document.hidden ? 60 : this.seconds;
    try {
      await this.look();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      // Whoever stopped it in between is not told.
      if (!this.#active) {
        this.#running = false;
        return;
      }
      delay = Math.max(delay, Math.min(60, this.seconds * 2 ** Math.min(this.#failures - 1, 5)));
      this.failed(error, delay);
    }
    this.#running = false;
    if (!this.#active) return;
    if (this.#again) {
      this.#again = false;
      delay = 0;
    }
    this.#timer = setTimeout(() => void this.#run(), delay * 1000);
  }
}
