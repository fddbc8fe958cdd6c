// Shows what the tool says of real logs, and that it is true: runs the command line over samples/, prints its reports, and fails if
// a verdict is not what is known of the log.
//
//   npm run demo
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = 'dist/cli/main.js';

/** What is known of each log, by how it was made. */
const samples = [
  {
    log: 'samples/healthy-ahci.log',
    about: 'edk2 as it is, booting from a SATA disk: the IOMMU driver removes what the drivers leave',
    status: 0,
    verdict: 'OK  samples/healthy-ahci.log: nothing is mapped at hand-off',
    findings: ['information common-buffer-left-to-iommu'],
  },
  {
    log: 'samples/buggy-xhci-free-in-exit.log',
    about: 'XhciDxe with a planted bug: its callback unmaps and frees the rings, which changes the memory map',
    status: 1,
    verdict: 'ERROR  samples/buggy-xhci-free-in-exit.log: nothing is mapped at hand-off; 1 error, 2 warnings',
    findings: [
      'error memory-freed-in-exit-callback',
      'warning read-write-pending-at-exit',
      'warning unmapped-in-exit-callback',
    ],
  },
  {
    log: 'samples/buggy-no-teardown.log',
    about:
      'IoMmuDxe without its cleanup, as before September 2017: what the drivers left stays reachable for their devices',
    status: 1,
    verdict: 'ERROR  samples/buggy-no-teardown.log: 10 mappings are live at hand-off; 10 errors',
    findings: ['error common-buffer-left-mapped', 'error read-write-pending-at-exit'],
  },
];

if (!existsSync(`${root}${program}`)) {
  console.error(`${program} is missing: npm run build makes it.`);
  process.exit(2);
}

let wrong = 0;
for (const { log, about, status, verdict, findings } of samples) {
  console.log(`\n── ${about}\n── $ dma-handoff check ${log}\n`);
  const text = check(log, 'text');
  console.log(text.stdout);
  const report = JSON.parse(check(log, 'json').stdout);
  const found = report.traces.flatMap((trace) => trace.findings.map(({ severity, rule }) => `${severity} ${rule}`));
  compare(log, 'exit status', status, text.status);
  compare(log, 'verdict', verdict, text.stdout.split('\n')[0]);
  compare(log, 'kinds of findings', findings.join(', '), [...new Set(found)].sort().join(', '));
}
console.log(wrong === 0 ? '── All as it must be.' : `── ${wrong} answers are not what is known of these logs.`);
process.exitCode = wrong === 0 ? 0 : 1;

function check(log, format) {
  return spawnSync(process.execPath, [program, 'check', '--color', 'never', '--format', format, log], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

function compare(log, what, expected, found) {
  if (expected === found) return;
  wrong++;
  console.log(`WRONG  ${log}: ${what}\n  expected ${expected}\n  found    ${found}`);
}
