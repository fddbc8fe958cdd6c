import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Report } from '../../../src/core/index.ts';
import { analyse } from './analyse.ts';

const folder = join(import.meta.dirname, '../../fixtures/logs');

/** Names of the real logs in test/fixtures/logs: firmware family, then what is special about the boot. */
export const LOG_NAMES: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.log.gz'))
  .map((name) => name.slice(0, -'.log.gz'.length))
  .sort();

export function logPath(name: string): string {
  return join(folder, `${name}.log.gz`);
}

/** The text of a log, one byte to one UTF-16 unit. */
export function readLog(name: string): string {
  return gunzipSync(readFileSync(logPath(name))).toString('latin1');
}

const reports = new Map<string, Report>();

/** The report of a log, made once for a file of tests. */
export function reportOfLog(name: string): Report {
  const report = reports.get(name) ?? analyse(readLog(name));
  reports.set(name, report);
  return report;
}

/** Lines with their breaks, as an editor counts them: CR LF, LF and a lone CR each end one. */
export function toLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** One in so many of the lines that say nothing stays in an excerpt. */
const QUIET_LINES_PER_KEPT = 32;
const TELLING =
  /IoMmu|ExitBoot|AllMappings|SetUefiImage|SecCoreStartup|MpInitChange|:DUMMY|^ASSERT|Endpoint|XhcInitSched/;

/**
 * A short log with the shape of a real one: transfers that left nothing behind are taken out but for the first few, and most of
 * the lines that say nothing.
 */
export function excerpt(text: string, transfersKept: number): string {
  const dropped = new Set<number>();
  for (const { mappings, findings } of analyse(text).traces) {
    const wanted = new Set(findings.map(({ mapping }) => mapping));
    const transfers = mappings.filter(
      ({ id, operation, unmappedBy }) =>
        !wanted.has(id) && unmappedBy === 'boot' && /^(?:Read|Write)/.test(operation ?? ''),
    );
    for (const { calledLine, mappedLine, unmappedLine, otherLines } of transfers.slice(transfersKept))
      for (const line of [calledLine, mappedLine, unmappedLine, ...otherLines]) if (line !== null) dropped.add(line);
  }
  return toLines(text)
    .filter((line, index) => !dropped.has(index + 1) && (TELLING.test(line) || index % QUIET_LINES_PER_KEPT === 0))
    .join('');
}
