import { createByteDecoder, createStreamingAnalysis, type ReportSink } from '../core/index.ts';
import type { CaptureCalls, LogProgress } from '../protocol/capture-calls.ts';
import { cancelled, refused } from '../protocol/outcome.ts';
import type { CallContext, Handlers } from '../protocol/rpc.ts';
import type { WorkerPlatform } from './platform.ts';

/** People read no faster, and the host has other things to do. */
const PROGRESS_INTERVAL_MS = 100;

/** Nothing is kept: who follows a log wants to know where it stands, and analyses it when it is complete. */
const NOTHING_KEPT: ReportSink = { wanted: 'live-at-handoff', mapping: () => undefined, trace: () => undefined };

/** Serves what is needed while a capture runs. */
export function serveCapture(platform: WorkerPlatform): Handlers<CaptureCalls> {
  return {
    async followLog({ path }, context) {
      if (platform.followFile === null) return refused('This worker cannot read files.');
      const decoder = createByteDecoder((bytes) => platform.decodeBytes(bytes));
      const analysis = createStreamingAnalysis({ sourceName: path, version: __VERSION__ }, NOTHING_KEPT);
      const progress = createProgress(context, () => ({ ...analysis.now, lines: analysis.lineCount }));
      const bytes = platform.followFile(path, (stop) => context.onCancel(stop));
      try {
        for await (const piece of bytes) {
          if (context.isCancelled()) break;
          analysis.push(decoder.decode(piece));
          progress.changed();
        }
      } catch (error) {
        return refused(`The log cannot be followed: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        progress.end();
      }
      return cancelled();
    },
  };
}

interface Progress {
  changed(): void;
  end(): void;
}

/** Reports at once, then at intervals while something changes; what comes last is reported, too. */
function createProgress(context: CallContext<LogProgress>, read: () => LogProgress): Progress {
  let timer: unknown = null;
  let waiting = false;

  function tell(): void {
    waiting = false;
    context.report(read());
    timer = setTimeout(() => {
      timer = null;
      if (waiting) tell();
    }, PROGRESS_INTERVAL_MS);
  }

  return {
    changed() {
      if (timer === null) tell();
      else waiting = true;
    },
    end: () => clearTimeout(timer),
  };
}
