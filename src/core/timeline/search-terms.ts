import type { Address } from '../model/address.ts';
import { addBytes, bytesToPages, formatAddress, pagesToBytes, parseHex } from '../model/address.ts';
import type { Operation } from '../model/operation.ts';
import { OPERATIONS, isCommonBufferOperation } from '../model/operation.ts';
import type { ReportMapping, ReportTrace } from '../model/report.ts';
import { cutLabel } from './marks.ts';
import type { QueryWord } from './query.ts';

/** One word of a search. */
export interface SearchTerm {
  /** `hostBytes`: bytes of host memory that the mapping holds. */
  readonly fits: (mapping: ReportMapping, hostBytes: number) => boolean;
  /** What it says of the mappings, such as `of XhciDxe`. */
  readonly clause: string;
}

export type Reading =
  { readonly kind: 'term'; readonly term: SearchTerm } | { readonly kind: 'wrong'; readonly message: string };

const KEYS = 'owner:, device:, op:, rule:, is:, at:, line:';

export function readTerm({ key, value, text }: QueryWord, trace: ReportTrace): Reading {
  if (value === '') return wrong(`“${cutLabel(text)}” lacks a value.`);
  switch (key) {
    case null:
      return /^0x/i.test(value) ? readAddress(value) : term(textTerm(value, trace));
    case 'owner':
      return term({ fits: textTest(value, ownerOf), clause: `of ${cutLabel(value)}` });
    case 'device':
    case 'pci':
      return term({ fits: textTest(value, deviceOf), clause: `for device ${cutLabel(value)}` });
    case 'op':
    case 'operation':
      return readOperation(value);
    case 'rule':
      return term({ fits: ruleTest(value, trace), clause: `with a finding of ${cutLabel(value)}` });
    case 'is':
    case 'verdict':
      return readVerdict(value, trace);
    case 'at':
      return readAddress(value);
    case 'line':
      return readLine(value);
    default:
      return wrong(`“${cutLabel(key)}:” is not understood. A search can have ${KEYS} and text.`);
  }
}

function term(found: SearchTerm): Reading {
  return { kind: 'term', term: found };
}

function wrong(message: string): Reading {
  return { kind: 'wrong', message };
}

function ownerOf({ owner }: ReportMapping): string {
  return owner?.name ?? '';
}

function deviceOf({ owner, pci }: ReportMapping): string {
  return owner?.device ?? pci?.address ?? '';
}

/** Whether a text of the mapping holds `wanted`, whatever the case. Texts recur: each is looked at once. */
function textTest(wanted: string, textOf: (mapping: ReportMapping) => string): SearchTerm['fits'] {
  const needle = wanted.toLowerCase();
  const known = new Map<string, boolean>();
  return (mapping) => {
    const text = textOf(mapping);
    let answer = known.get(text);
    if (answer === undefined) {
      answer = text.toLowerCase().includes(needle);
      known.set(text, answer);
    }
    return answer;
  };
}

function ruleTest(wanted: string, { findings }: ReportTrace): SearchTerm['fits'] {
  const needle = wanted.toLowerCase();
  const found = new Set<number | null>();
  for (const { rule, mapping } of findings) if (rule.includes(needle)) found.add(mapping);
  return ({ id }) => found.has(id);
}

function textTerm(value: string, trace: ReportTrace): SearchTerm {
  const tests = [
    textTest(value, ownerOf),
    textTest(value, deviceOf),
    textTest(value, ({ operation }) => operation ?? ''),
    ruleTest(value, trace),
  ];
  return {
    fits: (mapping, hostBytes) => tests.some((fits) => fits(mapping, hostBytes)),
    clause: `with “${cutLabel(value)}” in owner, device, operation or rule`,
  };
}

function readOperation(value: string): Reading {
  const wanted = value.toLowerCase().replace(/[-_ ]/g, '');
  if (wanted === 'unknown')
    return term({ fits: ({ operation }) => operation === null, clause: 'of unknown operation' });
  // `write` is Write64, too.
  const operations = new Set<Operation | null>(
    OPERATIONS.filter((operation) => [wanted, `${wanted}64`].includes(operation.toLowerCase())),
  );
  if (operations.size === 0) return wrong(`“${cutLabel(value)}” is no operation: ${OPERATIONS.join(', ')}, unknown.`);
  return term({
    fits: ({ operation }) => operations.has(operation),
    clause: `with operation ${[...operations].join(' or ')}`,
  });
}

type Verdict = (trace: ReportTrace) => SearchTerm;

/** What became of a mapping. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  leaked: () => ({ fits: ({ liveAtHandoff }) => liveAtHandoff, clause: 'still mapped at hand-off' }),
  swept: () => ({
    fits: ({ unmappedBy }) => unmappedBy === 'iommu-cleanup',
    clause: "unmapped by the IOMMU driver's cleanup",
  }),
  driver: () => ({
    fits: ({ unmappedBy }) => unmappedBy === 'boot' || unmappedBy === 'exit-callback',
    clause: 'unmapped by their driver',
  }),
  exit: () => ({ fits: ({ unmappedBy }) => unmappedBy === 'exit-callback', clause: 'unmapped in ExitBootServices' }),
  pending: () => ({
    fits: ({ operation, liveAtHandoff, unmappedBy }) =>
      operation !== null && !isCommonBufferOperation(operation) && (liveAtHandoff || unmappedBy === 'iommu-cleanup'),
    clause: 'that are transfers not unmapped by their driver',
  }),
  error: ({ findings }) => severityTerm(findings, 'error', 'with an error'),
  warning: ({ findings }) => severityTerm(findings, 'warning', 'with a warning'),
};

function severityTerm(findings: ReportTrace['findings'], wanted: string, clause: string): SearchTerm {
  const found = new Set<number | null>();
  for (const { severity, mapping } of findings) if (severity === wanted) found.add(mapping);
  return { fits: ({ id }) => found.has(id), clause };
}

function readVerdict(value: string, trace: ReportTrace): Reading {
  const wanted = value.toLowerCase();
  const found = Object.entries(VERDICTS).find(([name]) => name === wanted);
  return found
    ? term(found[1](trace))
    : wrong(`“is:${cutLabel(value)}” is not understood. It can be ${Object.keys(VERDICTS).join(', ')}.`);
}

function readAddress(value: string): Reading {
  const address = parseHex(value.replace(/^0x/i, ''));
  if (address === null)
    return wrong(`“${cutLabel(value)}” is no address: up to 16 hexadecimal digits, such as 0x1e6bc010.`);
  const digits = formatAddress(address);
  return term({
    fits: (mapping, hostBytes) => covers(mapping, hostBytes, address, digits),
    clause: `covering ${digits}`,
  });
}

function covers(mapping: ReportMapping, hostBytes: number, address: Address, digits: string): boolean {
  const { host, device, handle } = mapping;
  if (handle === digits || host === digits || device === digits) return true;
  if (isIn(address, host, hostBytes)) return true;
  // A bounce buffer is whole pages.
  return device !== host && isIn(address, device, Number(pagesToBytes(bytesToPages(hostBytes))));
}

function isIn(address: Address, start: string, bytes: number): boolean {
  // Up to 13 digits the number is exact, and reading it so is much faster.
  const from = start.length <= 15 ? Number(start) : parseHex(start.slice(2));
  return from !== null && from <= address && address < addBytes(from, bytes);
}

function readLine(value: string): Reading {
  const line = Number(value);
  if (!/^\d{1,10}$/.test(value) || line < 1) return wrong(`“${cutLabel(value)}” is no line number.`);
  return term({
    fits: ({ calledLine, mappedLine, unmappedLine, otherLines }) =>
      mappedLine === line || calledLine === line || unmappedLine === line || otherLines.includes(line),
    clause: `with line ${line}`,
  });
}
