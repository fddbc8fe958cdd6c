// The main job on real logs, in seconds: `npm run demo`. It checks the verdicts it shows, so it cannot show something untrue.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Samples, with the exit status of `check` and what its first line must say. */
const SAMPLES = [
  { log: 'samples/healthy-ahci.log', status: 0, says: 'nothing is mapped at hand-off', about: 'A healthy boot from an AHCI disk' },
  { log: 'samples/buggy-xhci-free-in-exit.log', status: 1, says: '1 error', about: 'XhciDxe frees its ring memory in its ExitBootServices callback' },
  { log: 'samples/buggy-no-teardown.log', status: 1, says: '10 mappings are live at hand-off', about: 'An IOMMU driver without a cleanup' },
];

let untrue = 0;
for (const { log, status, says, about } of SAMPLES) {
  console.log(`\n${about}: dma-handoff check ${log}\n`);
  const color = process.stdout.isTTY ? 'always' : 'never';
  const run = spawnSync(process.execPath, ['dist/cli/main.js', 'check', log, '--color', color], { cwd: root, encoding: 'utf8' });
  process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  if (run.status === status && run.stdout.split('\n', 1)[0].includes(says)) continue;
  console.error(`\nThe demo expected "${says}" and exit status ${status}, and got status ${run.status}.`);
  untrue++;
}
process.exitCode = untrue > 0 ? 1 : 0;
