import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createAnalysis } from '../../src/core/analyze.ts';
import { createTraceBuilder } from '../../src/core/lifecycle/trace-builder.ts';
import type { ReportFinding } from '../../src/core/model/report.ts';
import type { RuleSettings } from '../../src/core/report/findings.ts';
import { createFindingCollector } from '../../src/core/report/findings.ts';
import { RULES } from '../../src/core/rules/registry.ts';
import type { Rule, RuleMeta } from '../../src/core/rules/rule.ts';
import { defineRule } from '../../src/core/rules/rule.ts';
import { describeFinding, messageOf, readRuleFixtures } from '../support/rule-fixtures.ts';

const root = join(import.meta.dirname, '../..');
const ids = RULES.map(({ meta }) => meta.id).sort();
const fixtures = readRuleFixtures();

describe('the registry', () => {
  test('knows every rule once', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('knows every file of src/core/rules, by the name of its rule', () => {
    expect(namesIn('src/core/rules', '.ts').filter((name) => name !== 'registry' && name !== 'rule')).toEqual(ids);
  });

  test('has a page for every rule and a rule for every page', () => {
    expect(namesIn('docs/rules', '.md').filter((name) => name !== 'README')).toEqual(ids);
  });

  test('is listed in docs/rules/README.md as the generator writes it', () => {
    execFileSync(process.execPath, [join(root, 'scripts/generate-rule-index.mjs'), '--check'], { stdio: 'pipe' });
  });

  test('has a setting for every rule', () => {
    expect(Object.keys(ruleSettingProperties()).sort()).toEqual(ids);
  });

  test('has fixtures for every rule and for nothing else', () => {
    expect([...new Set(fixtures.map(({ rule }) => rule))].sort()).toEqual(ids);
  });
});

describe.each(RULES.map((rule) => [rule.meta.id, rule] as const))('%s', (id, rule) => {
  const own = fixtures.filter((fixture) => fixture.rule === id);

  test('has a page that begins with its metadata', () => {
    const path = join(root, 'docs/rules', `${id}.md`);
    const page = existsSync(path) ? readFileSync(path, 'utf8') : '';
    expect(page.slice(0, pageHead(rule.meta).length)).toBe(pageHead(rule.meta));
  });

  test('has at least one log that is wrong and one that is right', () => {
    expect(own.some(({ bad }) => bad)).toBe(true);
    expect(own.some(({ bad }) => !bad)).toBe(true);
  });

  test('says each of its messages about one of its logs', () => {
    const findings = own.filter(({ bad }) => bad).flatMap(({ text }) => findingsOf(text, id));
    const said = new Set(findings.map(messageOf));
    expect([...said].sort()).toEqual(Object.keys(rule.messages).sort());
  });

  test.each(own.map((fixture) => [fixture.name, fixture] as const))('%s', (_, fixture) => {
    const findings = findingsOf(fixture.text);
    expect(findings.some((finding) => finding.rule === id)).toBe(fixture.bad);
    expect(
      findings
        .filter((finding) => finding.rule === id || finding.severity !== 'information')
        .map(describeFinding)
        .sort(),
    ).toEqual(fixture.expected);
  });

  test('keeps silent when it is switched off', () => {
    for (const { text } of own) expect(findingsOf(text, id, { [id]: 'off' })).toEqual([]);
  });

  test('takes the severity that the user chose', () => {
    const bad = own.filter((fixture) => fixture.bad).map(({ text }) => text);
    for (const severity of ['error', 'warning', 'information'] as const) {
      const findings = bad.flatMap((text) => findingsOf(text, id, { [id]: severity }));
      expect(new Set(findings.map((finding) => finding.severity))).toEqual(new Set([severity]));
    }
  });
});

describe('healthy logs', () => {
  test('a stock firmware’s log gives no finding', () => {
    expect(findingsOf(readLog('stock-ahci')).map(describeFinding)).toEqual([]);
  });

  test('a log of firmware with an IOMMU driver gives what is normal today', () => {
    expect(findingsOf(readLog('sevlike-ahci')).map(({ rule }) => rule)).toEqual(['common-buffer-left-to-iommu']);
  });

  test('a USB keyboard’s transfer is all that edk2 itself leaves pending', () => {
    expect(findingsOf(readLog('sevlike-xhci')).map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
      'warning read-write-pending-at-exit',
      'information common-buffer-left-to-iommu',
    ]);
  });
});

describe('the finding collector', () => {
  const meta: RuleMeta = {
    id: 'a-rule',
    summary: 'A rule',
    severity: { deny: 'error', permit: 'warning' },
    since: '0.1.0',
  };
  const reporting = defineRule({
    meta,
    messages: { end: 'ended at {place}' },
    create: ({ report }) => ({
      onEnd: ({ lastLineIndex }) => {
        report({ message: 'end', data: { place: 'last' }, lineIndex: lastLineIndex });
      },
    }),
  });

  test('reports a rule that throws, and the others go on', () => {
    const throwing = defineRule({
      meta: { ...meta, id: 'a-broken-rule' },
      messages: {},
      create: () => ({
        onEnd: () => {
          throw new Error('out of wits');
        },
      }),
    });
    const findings = collect([throwing, reporting]);
    expect(findings.map(({ rule, severity, line }) => ({ rule, severity, line }))).toEqual([
      { rule: 'a-rule', severity: 'error', line: 8 },
      { rule: 'internal-error', severity: 'warning', line: 8 },
    ]);
    expect(findings[1]?.message).toContain('a-broken-rule');
    expect(findings[1]?.message).toContain('out of wits');
  });

  test('asks a rule that threw no more', () => {
    let calls = 0;
    const throwing = defineRule({
      meta,
      messages: {},
      create: () => ({
        onFact: {
          allocated: () => {
            calls++;
            throw new Error('out of wits');
          },
        },
        onEnd: () => {
          calls++;
        },
      }),
    });
    expect(collect([throwing]).map(({ rule, line }) => `${line} ${rule}`)).toEqual(['4 internal-error']);
    expect(calls).toBe(1);
  });

  test('takes the severity of the platform, and that of `deny` where it is unknown', () => {
    expect(collect([reporting], 'deny').map(({ severity }) => severity)).toEqual(['error']);
    expect(collect([reporting], 'permit').map(({ severity }) => severity)).toEqual(['warning']);
    expect(collect([reporting], 'unknown').map(({ severity }) => severity)).toEqual(['error']);
  });

  test('fills the message and begins it with a capital', () => {
    expect(collect([reporting])[0]?.message).toBe('Ended at last');
  });

  /** What `rules` find in a boot that allocates twice and ends at line 8. */
  function collect(rules: readonly Rule[], platform: 'deny' | 'permit' | 'unknown' = 'deny'): ReportFinding[] {
    const collector = createFindingCollector(rules, {});
    const builder = createTraceBuilder(0, {
      details: false,
      fact: (fact) => {
        collector.fact(fact);
      },
      mappingSettled: () => undefined,
      bufferSettled: () => undefined,
    });
    for (const [host, lineIndex] of [
      [0x1e6bc000, 3],
      [0x1e674000, 5],
    ] as const)
      builder.apply({ kind: 'allocate-completed', host, pages: 1 }, lineIndex, 'edk2-cc-iommu');
    return collector.finish({ ...builder.finish(7, false), platform }).findings;
  }
});

/** The findings of one rule, or of all. */
function findingsOf(text: string, rule: string | null = null, rules: RuleSettings = {}): ReportFinding[] {
  const analysis = createAnalysis({ sourceName: 'test', version: '0.0.0', rules });
  analysis.push(text);
  return analysis
    .finish()
    .traces.flatMap((trace) => trace.findings)
    .filter((finding) => rule === null || finding.rule === rule);
}

/** How the page of a rule must begin. */
function pageHead({ id, summary, severity, since }: RuleMeta): string {
  return `# ${id}

${summary}.

| Platform | Severity |
| --- | --- |
| \`deny\`: SEV, TDX, SMMU, VT-d that stays on | ${severity.deny} |
| \`permit\`: VT-d switched off at ExitBootServices, or no IOMMU | ${severity.permit} |

Since ${since}.
`;
}

function namesIn(folder: string, extension: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort();
}

interface Manifest {
  readonly contributes: { readonly configuration?: ConfigurationSection | readonly ConfigurationSection[] };
}

interface ConfigurationSection {
  readonly properties?: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
}

/** What `dmaHandoff.rules` may hold, as package.json declares it. */
function ruleSettingProperties(): Readonly<Record<string, unknown>> {
  const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const sections = [contributes.configuration ?? []].flat();
  return sections.map((section) => section.properties?.['dmaHandoff.rules']?.properties).find(Boolean) ?? {};
}

function readLog(name: string): string {
  return gunzipSync(readFileSync(join(root, 'test/fixtures/logs', `${name}.log.gz`))).toString('latin1');
}
