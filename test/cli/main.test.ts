import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { HELP } from '../../src/cli/help.ts';
import { RULES } from '../../src/core/index.ts';
import { logPath } from '../core/support/logs.ts';
import { PROGRAM, run } from './support/run.ts';

describe('the program', () => {
  test.each([['--help'], ['-h'], ['check', '--help'], ['explain', '-h']])(
    'prints its help with %s',
    async (...args) => {
      expect(await run(args)).toEqual({ status: 0, stdout: HELP, stderr: '' });
    },
  );

  test.each([['--version'], ['-V']])('prints its version with %s', async (...args) => {
    expect(await run(args)).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  test.each<[string, string[]]>([
    ['name a command', []],
    ['unknown command "analyse"', ['analyse', 'debug.log']],
    ['check needs a log', ['check']],
    ['Unknown option', ['check', '--verbose', 'debug.log']],
    ['--format is one of text, json, jsonl, not "xml"', ['check', '--format', 'xml', 'debug.log']],
    [
      '--fail-on is one of error, warning, information, never, not "critical"',
      ['check', '--fail-on=critical', 'debug.log'],
    ],
    ['--color is one of auto, always, never, not "maybe"', ['check', '--color', 'maybe', 'debug.log']],
    ['argument missing', ['check', 'debug.log', '--format']],
    ['there is no rule "no-such-rule"', ['check', '--rule', 'no-such-rule=off', 'debug.log']],
    [
      '--rule double-unmap= takes off, error, warning, information',
      ['check', '--rule', 'double-unmap=fatal', 'debug.log'],
    ],
    ['--rule double-unmap= takes off, error, warning, information', ['check', '--rule', 'double-unmap', 'debug.log']],
    ['--platform is one of auto, deny, permit, not "sev"', ['check', '--platform', 'sev', 'debug.log']],
    ['--with goes with one log', ['check', '--with', 'trace.log', 'a.log', 'b.log']],
    ['explain takes one rule', ['explain', 'double-unmap', 'double-free']],
    ['there is no rule "left-mapped" (did you mean common-buffer-left-mapped', ['explain', 'left-mapped']],
    ['there is no rule "../../package"', ['explain', '../../package']],
  ])('says “%s” of wrong usage, and how to get help', async (message, args) => {
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^dma-handoff: /);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  test('lists the rules', async () => {
    const { status, stdout } = await run(['explain']);
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('  ')[0]),
    ).toEqual(RULES.map(({ id }) => id));
    for (const { summary } of RULES) expect(stdout).toContain(summary);
  });

  test('prints the page of a rule', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/rules/double-unmap.md'), 'utf8');
    expect(await run(['explain', 'double-unmap'])).toEqual({ status: 0, stdout: page, stderr: '' });
  });

  test('ends in silence when its reader has seen enough', async () => {
    // As `dma-handoff … | head -1` does: read one line, and close.
    const child = spawn(process.execPath, [PROGRAM, 'check', '--format', 'jsonl', logPath('buggy-no-teardown')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [status, signal] = (await closed) as [number | null, string | null];
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  });

  test('is one file that needs nothing beside it', () => {
    const bundle = readFileSync(PROGRAM, 'utf8');
    expect(bundle).toMatch(/^#!\/usr\/bin\/env node\n/);
    const required = [...bundle.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name);
    expect(required.filter((name) => name !== undefined && !isBuiltin(name))).toEqual([]);
  });
});
