// VS Code calls run() of the bundle that extensionTestsPath names, inside the extension host.
import { mocha } from './setup.ts';
import { tell } from '../support/tell.ts';

export function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    let passed = 0;
    let failed = 0;
    const runner = mocha.run(() => {
      tell({ kind: 'end', passed, failed });
      if (failed === 0) resolve();
      else reject(new Error(`${String(failed)} tests failed`));
    });
    runner.on('pass', (test) => {
      passed++;
      tell({ kind: 'pass', name: test.fullTitle(), durationMs: test.duration ?? 0 });
    });
    runner.on('fail', (test, error) => {
      failed++;
      tell({ kind: 'fail', name: test.fullTitle(), reason: error.stack ?? error.message });
    });
    runner.on('pending', (test) => {
      failed++;
      tell({ kind: 'fail', name: test.fullTitle(), reason: 'skipped: a test that does not run proves nothing' });
    });
  });
}
