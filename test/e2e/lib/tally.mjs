// Prints each test as it ends and counts.

export class Tally {
  passed = 0;
  failed = 0;

  /**
   * @param {string} name
   * @param {number} durationMs
   */
  pass(name, durationMs) {
    this.passed++;
    console.log(`ok - ${name} (${Math.round(durationMs)} ms)`);
  }

  /**
   * @param {string} name
   * @param {string} reason
   */
  fail(name, reason) {
    this.failed++;
    console.log(`NOT OK - ${name}`);
    console.log(shorten(reason).replace(/^/gm, '    '));
  }

  /** @param {string} text */
  note(text) {
    console.log(`# ${text}`);
  }

  /**
   * Runs one test.
   * @param {string} name
   * @param {() => Promise<void>} body
   * @returns {Promise<boolean>} whether it passed
   */
  async test(name, body) {
    const startedMs = performance.now();
    try {
      await body();
      this.pass(name, performance.now() - startedMs);
      return true;
    } catch (error) {
      this.fail(name, error instanceof Error ? (error.stack ?? error.message) : String(error));
      return false;
    }
  }

  /** @returns {number} the exit code */
  summarize() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

const MOST_FRAMES = 6;

/**
 * Leaves the innermost frames of a stack: the rest is mocha and VS Code. Playwright's colours go, too.
 * @param {string} reason
 */
function shorten(reason) {
  let frames = 0;
  const plain = reason.replaceAll(/\u001b\[\d*m/g, '');
  const lines = plain.split('\n').filter((line) => !/^\s+at /.test(line) || frames++ < MOST_FRAMES);
  return lines.join('\n');
}
