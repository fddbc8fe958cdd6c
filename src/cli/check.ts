import type { Readable, Writable } from 'node:stream';
import { basename } from 'node:path';
import type { Companion, ReportTrace, Severity } from '../core/index.ts';
import { createCompanionReader, createStreamingAnalysis, hasDma } from '../core/index.ts';
import type { CheckInvocation } from './arguments.ts';
import type { Input } from './inputs.ts';
import { findInputs, readText, reasonOf } from './inputs.ts';
import { createOutput } from './outputs.ts';
import { createProgress } from './progress.ts';
import { write } from './streams.ts';

export const EXIT = { ok: 0, findings: 1, usage: 2, unreadable: 3 } as const;

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const RANKS: Readonly<Record<Severity | 'never', number>> = { information: 1, warning: 2, error: 3, never: 4 };

/** Analyses all inputs, one after the other, and returns the exit status: the gravest of theirs. */
export async function check(invocation: CheckInvocation, streams: Streams, version: string): Promise<number> {
  const found = (await Promise.all(invocation.inputs.map((operand) => findInputs(operand, streams.stdin)))).flat();
  const inputs = found.flatMap((result) => (result.kind === 'input' ? [result.input] : []));
  let status: number = EXIT.ok;
  for (const result of found) {
    if (result.kind !== 'error') continue;
    complain(streams, result.message);
    status = EXIT.unreadable;
  }
  if (invocation.with.length > 0 && inputs.length > 1) {
    complain(streams, '--with goes with one log');
    return EXIT.usage;
  }
  const companions = await readCompanions(invocation.with, streams);
  if (companions === null) return EXIT.unreadable;
  // One input makes one JSON document; several make an array of them.
  const isArray = invocation.format === 'json' && inputs.length > 1;
  if (isArray) await write(streams.stdout, '[\n');
  const separator = isArray ? ',\n' : invocation.format === 'text' ? '\n' : '';
  let written = 0;
  for (const input of inputs) {
    // An input that cannot be read to its end prints nothing, and so needs no separator.
    const begin = (): string => (written++ > 0 ? separator : '');
    status = Math.max(status, await checkInput(input, { invocation, companions, streams, version, begin }));
  }
  if (isArray) await write(streams.stdout, ']\n');
  return status;
}

interface Run {
  readonly invocation: CheckInvocation;
  readonly companions: readonly Companion[];
  readonly streams: Streams;
  readonly version: string;
  /** What to write ahead of this input's output. */
  readonly begin: () => string;
}

async function checkInput(input: Input, { invocation, companions, streams, version, begin }: Run): Promise<number> {
  const output = createOutput(invocation.format, { version, color: wantsColor(invocation, streams) });
  const progress = createProgress(
    { write: (text) => streams.stderr.write(text), isTTY: streams.stderr.isTTY === true },
    input.name,
    input.bytes,
    () => performance.now(),
  );
  const seen = { gravest: 0, dma: false, bytes: 0, plainBytes: 0 };
  const analysis = createStreamingAnalysis(
    { sourceName: input.name, version, rules: invocation.rules, platform: invocation.platform, with: companions },
    {
      ...output.sink,
      trace(trace) {
        seen.dma ||= hasDma(trace);
        seen.gravest = Math.max(seen.gravest, gravestOf(trace));
        output.sink.trace(trace);
      },
    },
  );
  const damage: string[] = [];
  try {
    const text = readText(input, {
      onBytes: (bytes) => {
        seen.bytes += bytes;
      },
      onPlainBytes: (bytes) => {
        seen.plainBytes += bytes;
      },
      onDamage: (reason) => damage.push(reason),
    });
    for await (const chunk of text) {
      analysis.push(chunk);
      progress.update({ bytesRead: seen.bytes, lines: analysis.lineCount });
      await write(streams.stdout, output.drain());
    }
  } catch (error) {
    progress.clear();
    complain(streams, `${input.name} cannot be read: ${reasonOf(error)}`);
    return EXIT.unreadable;
  }
  progress.clear();
  const end = analysis.finish(seen.plainBytes);
  await write(streams.stdout, begin());
  for (const piece of output.finish(end)) await write(streams.stdout, piece);
  for (const reason of damage) complain(streams, `${input.name}: ${reason}`);
  if (!seen.dma) {
    if (invocation.format !== 'text') for (const note of end.input.notes) complain(streams, `${input.name}: ${note}`);
    return EXIT.unreadable;
  }
  return seen.gravest >= RANKS[invocation.failOn] ? EXIT.findings : EXIT.ok;
}

/** `null`: one cannot be read, and that was said. */
async function readCompanions(paths: readonly string[], streams: Streams): Promise<readonly Companion[] | null> {
  const companions: Companion[] = [];
  for (const path of paths) {
    const [found] = await findInputs(path, streams.stdin);
    if (found?.kind !== 'input') {
      complain(streams, found?.message ?? `${path} cannot be read`);
      return null;
    }
    const reader = createCompanionReader(basename(found.input.name));
    try {
      const hooks = { onBytes: () => undefined, onDamage: (reason: string) => complain(streams, `${path}: ${reason}`) };
      for await (const chunk of readText(found.input, hooks)) reader.push(chunk);
    } catch (error) {
      complain(streams, `${path} cannot be read: ${reasonOf(error)}`);
      return null;
    }
    companions.push(reader.finish());
  }
  return companions;
}

/** Names come from outside: what would steer a terminal is left out. */
export function complain({ stderr }: Pick<Streams, 'stderr'>, text: string): void {
  stderr.write(`dma-handoff: ${text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '�')}\n`);
}

function gravestOf({ summary }: Pick<ReportTrace, 'summary'>): number {
  if (summary.errors > 0) return RANKS.error;
  if (summary.warnings > 0) return RANKS.warning;
  return summary.information > 0 ? RANKS.information : 0;
}

function wantsColor({ color }: CheckInvocation, { stdout, environment }: Streams): boolean {
  if (color !== 'auto') return color === 'always';
  return stdout.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}
