import type { Fact } from '../lifecycle/facts.ts';
import type { Severity } from '../model/report.ts';
import type { Mapping, Platform, Trace } from '../model/trace.ts';

/**
 * One thing that can be wrong, or worth knowing. A rule is one file: this definition and nothing else. Its id is its file name,
 * its settings key, its page in docs/rules and its name in every report. The contract tests hold every rule to it
 * (test/contracts/rules.test.ts).
 *
 * A rule is silent where the log cannot tell: a missing line of evidence is never a finding.
 */
export interface Rule {
  readonly meta: RuleMeta;
  /** Texts by name. A word in braces, such as `{mapping}`, stands for the value of that name in `RawFinding.data`. */
  readonly messages: Readonly<Record<string, string>>;
  readonly create: (context: RuleContext<string>) => RuleHandlers;
}

export interface RuleMeta {
  readonly id: string;
  /** One line, for lists and settings. */
  readonly summary: string;
  /** By how the platform treats DMA at hand-off; an unknown platform counts as `deny`. */
  readonly severity: Readonly<Record<Exclude<Platform, 'unknown'>, Severity>>;
  /** Version of DMA Handoff. */
  readonly since: string;
}

export interface RuleHandlers {
  /** While the boot is replayed, by kind of fact. `unmappedBy` is settled for the cleanup only, `freedIn` is not yet. */
  readonly onFact?: { readonly [Kind in Fact['kind']]?: (fact: Extract<Fact, { kind: Kind }>) => void };
  /** When all is known. */
  readonly onEnd?: (trace: Trace) => void;
}

export interface RuleContext<Message extends string> {
  readonly report: (finding: RawFinding<Message>) => void;
}

export interface RawFinding<Message extends string> {
  readonly message: Message;
  readonly data?: Readonly<Record<string, string | number>>;
  /** In place of the rule's own, where the same rule has a graver and a milder case. */
  readonly severity?: Severity;
  /** `false` where the finding rests on inference, or the log lost lines that could refute it. Default `true`. */
  readonly certain?: boolean;
  readonly lineIndex: number;
  readonly mapping?: Mapping | null;
  readonly buffer?: { readonly id: number | null } | null;
  readonly related?: readonly RelatedLine[];
}

export interface RelatedLine {
  readonly lineIndex: number;
  readonly message: string;
}

export function defineRule<const Messages extends Readonly<Record<string, string>>>(rule: {
  readonly meta: RuleMeta;
  readonly messages: Messages;
  readonly create: (context: RuleContext<keyof Messages & string>) => RuleHandlers;
}): Rule {
  return rule;
}

/** The lines of a mapping's life, for a finding's related information. */
export function lifeOf(mapping: Mapping): RelatedLine[] {
  const lines: RelatedLine[] = [];
  if (mapping.buffer) lines.push({ lineIndex: mapping.buffer.allocatedLineIndex, message: 'buffer allocated' });
  lines.push({ lineIndex: mapping.mappedLineIndex, message: 'mapped' });
  if (mapping.owner) lines.push({ lineIndex: mapping.owner.evidenceLineIndex, message: mapping.owner.evidence });
  if (mapping.unmappedLineIndex !== null) lines.push({ lineIndex: mapping.unmappedLineIndex, message: 'unmapped' });
  if (mapping.buffer && mapping.buffer.freedLineIndex !== null)
    lines.push({ lineIndex: mapping.buffer.freedLineIndex, message: 'buffer freed' });
  return lines;
}

/** The lines that a finding about ExitBootServices rests on. */
export function exitLines(trace: Trace): RelatedLine[] {
  const lines: RelatedLine[] = [];
  if (trace.exitBootServices)
    lines.push({ lineIndex: trace.exitBootServices.markerLineIndex, message: 'first proof of ExitBootServices' });
  if (trace.handoff) lines.push({ lineIndex: trace.handoff.lineIndex, message: `hand-off: ${trace.handoff.evidence}` });
  return lines;
}
