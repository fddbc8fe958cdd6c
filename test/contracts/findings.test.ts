import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/core/index.ts';
import { analyse } from '../core/support/analyse.ts';

/** docs/findings.md speaks of other people's code: what it quotes must stand in the logs, and what it claims the tool must report. */

const root = join(import.meta.dirname, '../..');
const folder = 'test/fixtures/findings';
const page = readFileSync(join(root, 'docs/findings.md'), 'utf8');

/** As `zgrep -n` would print them: file, line, text. */
const QUOTED_LINE = /^(?<file>[\w-]+\.(?:log|trace)):(?<line>\d+):(?<text>.*)$/gm;
const COMMAND = /^```console\n\$ dma-handoff (?<words>.+)\n(?<output>[\s\S]+?\n)```$/gm;
const ROW = /^\| (?<boot>[\w-]+) \| (?<mapping>\w+ \| [\da-f:.]+ \| \w+ \| 0x[\da-f]+ \| line \d+) \|$/gm;

const quoted = [...page.matchAll(QUOTED_LINE)];
const commands = [...page.matchAll(COMMAND)].map(({ groups }) => [groups!['words']!, groups!['output']!] as const);
const boots = readdirSync(join(root, folder))
  .filter((name) => name.endsWith('.log.gz'))
  .map((name) => name.slice(0, -'.log.gz'.length));

test('the page quotes lines of every log, and reports', () => {
  const named = new Set(quoted.map(({ groups }) => groups!['file']));
  expect(boots.filter((boot) => !named.has(`${boot}.log`))).toEqual([]);
  expect(quoted.length).toBeGreaterThan(40);
  expect(commands.length).toBeGreaterThan(2);
});

test('every quoted line stands in its file, at that line', () => {
  const wrong = quoted.filter(({ groups }) => {
    const { file, line, text } = groups!;
    return linesOf(file!)[Number(line) - 1]?.trimEnd() !== text;
  });
  expect(wrong.map(([whole]) => whole)).toEqual([]);
});

test.each(commands)('dma-handoff %s prints what is quoted', (words, output) => {
  const cli = join(root, 'dist/cli/main.js');
  const { stdout } = spawnSync(process.execPath, [cli, ...words.split(' ')], { cwd: root, encoding: 'utf8' });
  // “…” stands for what the page leaves out.
  let rest = stdout;
  for (const part of output.split(/^ {2}…\n/m)) {
    expect(rest).toContain(part);
    rest = rest.slice(rest.indexOf(part) + part.length);
  }
});

describe.each(boots)('the boot %s', (boot) => {
  const report = reportOf(boot);
  const [trace] = report.traces;
  const live = trace!.mappings.filter(({ liveAtHandoff }) => liveAtHandoff);

  test('leaves mapped what the table says, for certain', () => {
    const rows = [...page.matchAll(ROW)].filter(({ groups }) => groups!['boot'] === boot);
    const reported = live.map(
      ({ owner, operation, bytes, mappedLine }) =>
        `${owner?.name} | ${owner?.device} | ${operation} | 0x${bytes?.toString(16)} | line ${mappedLine}`,
    );
    expect(rows.map(({ groups }) => groups!['mapping'])).toEqual(reported);
    expect(live.every(({ owner, pci }) => owner?.certain === true && pci?.certain === true)).toBe(true);
  });

  test('loses no mapping to a callback of ExitBootServices', () => {
    const ends = linesOf(`${boot}.log`).filter((line) => line.includes(' CbEnd group=ExitBootServices '));
    expect(ends).not.toEqual([]);
    expect(ends.filter((line) => !/ before=(\d+) live=\1 ;$/.test(line.trimEnd()))).toEqual([]);
  });

  test('is one whole boot without an IOMMU, of which the tracer lost nothing', () => {
    expect(report.traces).toHaveLength(1);
    expect(trace).toMatchObject({
      platform: 'permit',
      tracer: { checked: true, missingRecords: 0, lost: 0, disagreements: 0 },
    });
  });

  test('attempts ExitBootServices() as often as the page says', () => {
    expect(trace!.exitBootServices?.attempts).toBe(boot === 'head-virtio-blk' ? 2 : 1);
  });
});

function reportOf(boot: string): Report {
  return analyse(textOf(`${boot}.log`));
}

function linesOf(file: string): string[] {
  return textOf(file).split('\n');
}

function textOf(file: string): string {
  return gunzipSync(readFileSync(join(root, folder, `${file}.gz`))).toString('latin1');
}
