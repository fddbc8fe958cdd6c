import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REPLAY_COMMANDS, REPLAY_EVENTS, checkReplayCondition } from '../../src/core/index.ts';
import { STEP_KINDS } from '../../src/core/model/step.ts';
import { EXPRESSION_NAMES } from '../../src/core/replay/expression/names.ts';
import { REPLAY_PHASES } from '../../src/core/replay/expression/words.ts';

/** docs/replay.md, held against what the replay understands. */

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/replay.md'), 'utf8');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly contributes: {
    readonly debuggers: readonly {
      readonly configurationAttributes: {
        readonly launch: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
      };
    }[];
  };
};

/** The first two cells of each row of the table below a heading. */
function rowsBelow(heading: string): string[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`).flatMap((part) => part.split(/\n## /)[0] ?? '');
  return [...section.matchAll(/^ *\| (`[^`]*`) +\| ((?:[^|\n]|\\\|)*)\|/gm)].map(
    ([, first = '', second = '']) => `${first.replaceAll('\\|', '|')} ${second.trim()}`,
  );
}

describe('docs/replay.md', () => {
  test('lists every name with its meaning, and no other', () => {
    const names = [...EXPRESSION_NAMES].map(([name, { meaning }]) => `\`${name}\` ${meaning}`);
    expect(rowsBelow('Expressions')).toEqual(expect.arrayContaining(names));
    const words = rowsBelow('Expressions').map((row) => /^`([A-Za-z]+)` /.exec(row)?.[1] ?? null);
    expect(words.filter((word) => word !== null)).toEqual([...EXPRESSION_NAMES.keys()]);
  });

  test('lists every command of the debug console', () => {
    expect(rowsBelow('The debug console')).toEqual(
      REPLAY_COMMANDS.map(({ name, operands, meaning }) => `\`${`${name} ${operands}`.trim()}\` ${meaning}`),
    );
  });

  test('lists every event, kind of step and phase', () => {
    const events = rowsBelow('What stops it').map((row) => row.split('`')[1]);
    expect(events).toEqual([...REPLAY_EVENTS]);
    for (const word of STEP_KINDS) expect(page).toContain(`\`${word}\``);
    for (const phase of REPLAY_PHASES) expect(page).toContain(phase);
  });

  test('lists every attribute of launch.json with its default', () => {
    const { properties } = manifest.contributes.debuggers[0]?.configurationAttributes.launch ?? { properties: {} };
    const rows = Object.entries(properties).map(([name, each]) => `\`${name}\` \`${JSON.stringify(each.default)}\``);
    expect(rowsBelow('Start it')).toEqual(rows);
  });

  test('shows expressions that are understood', () => {
    const [, block = ''] = /```dma-handoff\n([\s\S]*?)```/.exec(page) ?? [];
    const examples = block.trim().split('\n');
    expect(examples.length).toBeGreaterThan(3);
    for (const example of examples) expect(checkReplayCondition(example), example).toBeNull();
  });
});
