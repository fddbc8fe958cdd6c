// Imported before any test file: mocha's functions must be there when the files' suites are declared.
// Mocha's build for browsers needs no Node, so the same one serves both extension hosts; only its ready-made instance
// is of no use, since its run() reads the address of a page.
import 'mocha/mocha.js';

// run.ts reports; mocha constructs its reporter, which an arrow function would not allow.
function silentReporter(): void {
  return;
}

const mocha = new Mocha({ ui: 'tdd', reporter: silentReporter, timeout: 30_000 });
mocha.suite.emit('pre-require', globalThis, '', mocha);

export { mocha };
