import type { Fact } from '../lifecycle/facts.ts';
import type { ReportFinding, Severity } from '../model/report.ts';
import type { Platform, Trace } from '../model/trace.ts';
import type { RawFinding, Rule, RuleHandlers } from '../rules/rule.ts';

/** A user's choice for a rule; a rule that is not named keeps its own severity. */
export type RuleSettings = Readonly<Record<string, Severity | 'off'>>;

/** Runs the rules over one boot and words what they find. */
export interface FindingCollector {
  fact(fact: Fact): void;
  /** Findings in the order of their lines, and how many there were beyond what is kept. */
  finish(trace: Trace): {
    readonly findings: ReportFinding[];
    readonly counts: Readonly<Record<Severity, number>>;
    readonly omitted: number;
  };
}

/** Kept of one rule in one boot; the rest is counted. A driver that errs in a loop would fill any report. */
const MOST_FINDINGS_OF_A_RULE = 10_000;

/** The id under which a rule that threw is reported; the others go on. */
const INTERNAL_ERROR = 'internal-error';

interface Running {
  readonly rule: Rule;
  readonly handlers: RuleHandlers;
  failed: boolean;
}

interface FactHandler {
  readonly running: Running;
  readonly handle: (fact: Fact) => void;
}

export function createFindingCollector(rules: readonly Rule[], settings: RuleSettings): FindingCollector {
  const raw: { readonly rule: Rule; readonly finding: RawFinding<string> }[] = [];
  const kept = new Map<string, number>();
  const failures: ReportFinding[] = [];
  let omitted = 0;
  const running: Running[] = rules
    .filter((rule) => settings[rule.meta.id] !== 'off')
    .map((rule) => ({
      rule,
      failed: false,
      handlers: rule.create({
        report(finding) {
          const count = (kept.get(rule.meta.id) ?? 0) + 1;
          kept.set(rule.meta.id, count);
          if (count <= MOST_FINDINGS_OF_A_RULE) raw.push({ rule, finding });
          else omitted++;
        },
      }),
    }));

  const handlersByKind: Partial<Record<Fact['kind'], FactHandler[]>> = {};
  for (const each of running) {
    const entries = Object.entries(each.handlers.onFact ?? {}) as [Fact['kind'], FactHandler['handle']][];
    for (const [kind, handle] of entries) (handlersByKind[kind] ??= []).push({ running: each, handle });
  }

  function guard<T>(each: Running, lineOf: (subject: T) => number, subject: T, handle: (subject: T) => void): void {
    if (each.failed) return;
    try {
      handle(subject);
    } catch (error) {
      each.failed = true;
      failures.push({
        rule: INTERNAL_ERROR,
        severity: 'warning',
        certain: true,
        line: lineOf(subject) + 1,
        message: `The rule ${each.rule.meta.id} stopped working here: ${error instanceof Error ? error.message : String(error)}. Please report this with the log.`,
        mapping: null,
        buffer: null,
        related: [],
      });
    }
  }

  return {
    fact(fact) {
      const handlers = handlersByKind[fact.kind];
      if (handlers) for (const each of handlers) guard(each.running, lineOfFact, fact, each.handle);
    },
    finish(trace) {
      for (const each of running) {
        const { onEnd } = each.handlers;
        if (onEnd) guard(each, (ended: Trace) => ended.lastLineIndex, trace, onEnd);
      }
      const findings = [
        ...raw.map(({ rule, finding }) => toReport(rule, finding, trace.platform, settings)),
        ...failures,
      ];
      findings.sort((a, b) => a.line - b.line || (a.rule < b.rule ? -1 : 1));
      const counts = { error: 0, warning: 0, information: 0 };
      for (const finding of findings) counts[finding.severity]++;
      return { findings, counts, omitted };
    },
  };
}

function toReport(rule: Rule, finding: RawFinding<string>, platform: Platform, settings: RuleSettings): ReportFinding {
  const chosen = settings[rule.meta.id];
  const severity =
    chosen !== undefined && chosen !== 'off'
      ? chosen
      : (finding.severity ?? rule.meta.severity[platform === 'permit' ? 'permit' : 'deny']);
  return {
    rule: rule.meta.id,
    severity,
    certain: finding.certain ?? true,
    line: finding.lineIndex + 1,
    message: fill(rule.messages[finding.message] ?? finding.message, finding.data ?? {}),
    mapping: finding.mapping?.id ?? null,
    buffer: finding.buffer?.id ?? null,
    related: (finding.related ?? []).map(({ lineIndex, message }) => ({ line: lineIndex + 1, message })),
  };
}

/** Puts the data into a message, and a capital at its start. */
function fill(template: string, data: Readonly<Record<string, string | number>>): string {
  const text = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(data[name] ?? ''));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lineOfFact(fact: Fact): number {
  switch (fact.kind) {
    case 'mapped':
      return fact.mapping.mappedLineIndex;
    case 'unmapped':
      return fact.mapping.unmappedLineIndex ?? fact.mapping.mappedLineIndex;
    case 'allocated':
      return fact.buffer.allocatedLineIndex;
    case 'unmap-refused':
    case 'freed':
    case 'attribute-set':
    case 'accessed':
      return fact.lineIndex;
  }
}
