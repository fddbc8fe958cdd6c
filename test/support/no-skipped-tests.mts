import type { Reporter, Vitest } from 'vitest/node';

/** A reporter that fails the run when a test was skipped or is only planned: such a test proves nothing and is soon forgotten. */
export function createNoSkippedTestsReporter(): Reporter {
  let vitest: Vitest | undefined;
  return {
    onInit(context) {
      vitest = context;
    },
    onTestRunEnd(modules) {
      // `vitest -t <pattern>` skips all other tests, as asked.
      if (vitest?.config.testNamePattern) return;
      const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
      if (skipped.length === 0) return;
      process.exitCode = 1;
      vitest?.logger.error('Skipped tests fail the run:');
      for (const test of skipped) vitest?.logger.error(`  ${test.module.relativeModuleId} > ${test.fullName}`);
    },
  };
}
