import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportFinding } from '../../src/core/model/report.ts';
import { SEVERITIES } from '../../src/core/model/report.ts';
import { RULES } from '../../src/core/rules/registry.ts';

/**
 * Logs with what the rules must say about them, in test/fixtures/rules/<rule>/: `bad-*.log` holds what the rule reports, and
 * `ok-*.log` what looks like it and is none. An expectation is a line of its own, which the analyser reads as any other:
 *
 *     IoMmuMap: Mapping=0x1E3E9A18 Device(PlainText)=0x1E6BC000 Crypted=0x1E6BC000 Pages=0x10, ReservedMemBitmap=0x1000
 *     #! error common-buffer-left-mapped
 *     #! warning read-write-pending-at-exit/swept inferred
 *
 * It belongs to the nearest line above that is none. `/swept` names the message of a rule that has several; `inferred` stands
 * for `certain: false`. `#! last …` belongs to the last line of the file, wherever it stands. Errors and warnings of all rules
 * are expected; of mere information, the rule's own.
 */
export interface RuleFixture {
  readonly rule: string;
  /** Path below test/fixtures/rules. */
  readonly name: string;
  /** Whether the rule of the folder must report something. */
  readonly bad: boolean;
  readonly text: string;
  /** In the form of `describeFinding`, sorted. */
  readonly expected: readonly string[];
}

const folder = join(import.meta.dirname, '../fixtures/rules');

export function readRuleFixtures(): RuleFixture[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => {
      const [rule = '', file = ''] = name.split(/[/\\]/);
      if (!/^(?:ok|bad)-/.test(file)) throw new Error(`${name} is neither ok-*.log nor bad-*.log`);
      const text = readFileSync(join(folder, name), 'latin1');
      const expected = readExpectations(name, text);
      return { rule, name: `${rule}/${file}`, bad: file.startsWith('bad-'), text, expected };
    });
}

/** `12 error double-free`: line, 1-based, and what an expectation says. */
export function describeFinding(finding: ReportFinding): string {
  const { line, severity, rule, certain } = finding;
  const messages = Object.keys(RULES.find(({ meta }) => meta.id === rule)?.messages ?? {});
  const what = messages.length > 1 ? `${rule}/${messageOf(finding)}` : rule;
  return `${line} ${severity} ${what}${certain ? '' : ' inferred'}`;
}

/** Which of its rule's messages a finding's text is made from. */
export function messageOf({ rule: id, message }: ReportFinding): string {
  const rule = RULES.find(({ meta }) => meta.id === id);
  const fitting = Object.entries(rule?.messages ?? {}).filter(([, template]) => {
    const pattern = template.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`).replaceAll(/\\\{\w+\\\}/g, '.*');
    return new RegExp(`^${pattern}$`, 'i').test(message);
  });
  const [only, ...others] = fitting.map(([name]) => name);
  if (only === undefined || others.length > 0) throw new Error(`"${message}" fits ${fitting.length} messages of ${id}`);
  return only;
}

function readExpectations(name: string, text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const expected: string[] = [];
  let lineNumber = 0;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('#!')) {
      lineNumber = index + 1;
      continue;
    }
    const [, last, expectation] = EXPECTATION.exec(line) ?? [];
    if (expectation === undefined) throw new Error(`${name}, line ${index + 1}: "${line}" is no expectation`);
    expected.push(`${last === undefined ? lineNumber : lines.length} ${expectation}`);
  }
  return expected.sort();
}

const EXPECTATION = new RegExp(
  String.raw`^#! (last )?((?:${SEVERITIES.join('|')}) [a-z0-9-]+(?:/\w+)?(?: inferred)?)$`,
);
