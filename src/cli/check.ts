import type { Readable, Writable } from 'node:stream';
import type { ReportTrace, Severity } from '../core/index.ts';
import { createStreamingAnalysis, hasDma } from '../core/index.ts';
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
  // One input makes one JSON document; several make an array of them.
  const isArray = invocation.format === 'json' && inputs.length > 1;
  if (isArray) await write(streams.stdout, '[\n');
  const separator = isArray ? ',\n' : invocation.format === 'text' ? '\n' : '';
  let written = 0;
  for (const input of inputs) {
    // An input that cannot be read to its end prints nothing, and so needs no separator.
    const begin = (): string => (written++ > 0 ? separator : '');
    status = Math.max(status, await checkInput(input, { invocation, streams, version, begin }));
  }
  if (isArray) await write(streams.stdout, ']\n');
  return status;
}

interface Run {
  readonly invocation: CheckInvocation;
  readonly streams: Streams;
  readonly version: string;
  /** What to write ahead of this input's output. */
  readonly begin: () => string;
}

async function checkInput(input: Input, { invocation, streams, version, begin }: Run): Promise<number> {
  const output = createOutput(invocation.format, { version, color: wantsColor(invocation, streams) });
  const progress = createProgress(
    { write: (text) => streams.stderr.write(text), isTTY: streams.stderr.isTTY === true },
    input.name,
    input.bytes,
    () => performance.now(),
  );
  const seen = { gravest: 0, dma: false, bytes: 0 };
  const analysis = createStreamingAnalysis(
    { sourceName: input.name, version, rules: invocation.rules, platform: invocation.platform },
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
  const end = analysis.finish();
  await write(streams.stdout, begin());
  for (const piece of output.finish(end)) await write(streams.stdout, piece);
  for (const reason of damage) complain(streams, `${input.name}: ${reason}`);
  if (!seen.dma) {
    if (invocation.format !== 'text') for (const note of end.input.notes) complain(streams, `${input.name}: ${note}`);
    return EXIT.unreadable;
  }
  return seen.gravest >= RANKS[invocation.failOn] ? EXIT.findings : EXIT.ok;
}

/** Names come from outside: what would steer a terminal is left out. */
function complain({ stderr }: Streams, text: string): void {
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
