import type { Address } from '../model/address.ts';
import { formatAddress, pagesToBytes } from '../model/address.ts';
import type { AllocateCalled } from '../model/events.ts';
import { isCommonBuffer } from '../model/mapping.ts';
import type { StepRecorder } from '../model/step.ts';
import type { Buffer, Mapping, TraceCounts } from '../model/trace.ts';
import { createBufferBook } from './buffer-book.ts';
import type { ExitWindow } from './exit-window.ts';
import type { DamageLog } from './damage-log.ts';
import type { OpenAllocate } from './open-calls.ts';
import type { RangeIndex } from './range-index.ts';
import type { TraceSink } from './trace-sink.ts';

/** Replays AllocateBuffer() and FreeBuffer(). */
export interface BufferCalls {
  allocated(
    host: Address,
    called: Pick<AllocateCalled, 'memoryType'> & { readonly pages: Address | null },
    open: Pick<OpenAllocate, 'lineIndex' | 'step'> | null,
    lineIndex: number,
  ): Buffer;
  /** `unseen`: the tracer knows that it need not have seen the allocation. */
  freed(host: Address, pages: Address, lineIndex: number, unseen?: boolean): void;
  /**
   * A FreeBuffer() of which the log does not tell the memory. Drivers unmap and free in one breath: where a CommonBuffer was
   * unmapped just before (`lastUnmapped`), it is probably its memory.
   */
  freedUntold(lastUnmapped: Mapping | null, lineIndex: number): void;
  /** The live buffer that holds the whole range, or `null`. */
  readonly around: (host: Address, bytes: Address) => Buffer | null;
  /** The live buffer that begins at `host`, or `null`. */
  readonly at: (host: Address) => Buffer | null;
  /** The last FreeBuffer(), whatever came of it; `null` if there was none. */
  readonly lastFree: { readonly host: Address; readonly lineIndex: number } | null;
  readonly live: Iterable<Buffer>;
  readonly counts: Pick<TraceCounts, 'allocations' | 'frees'>;
}

export interface BufferCallsContext {
  readonly sink: TraceSink;
  readonly steps: StepRecorder;
  /** The next place in the order in which mappings and buffers are made. */
  readonly nextOrder: () => number;
  /** Whether a line before the first, or a damaged one, could have said what is unknown. */
  readonly mayBeLost: () => boolean;
  readonly damage: DamageLog;
  readonly liveByHost: RangeIndex<Mapping>;
  readonly window: ExitWindow;
}

export function createBufferCalls(context: BufferCallsContext): BufferCalls {
  const { sink, steps, damage, window } = context;
  const book = createBufferBook();
  let allocations = 0;
  let frees = 0;
  let lastFree: BufferCalls['lastFree'] = null;

  function end(buffer: Buffer, lineIndex: number): void {
    book.free(buffer);
    steps.add('freed', lineIndex, buffer.id);
    buffer.freedLineIndex = lineIndex;
    window.removed({ kind: 'freed', mapping: null, buffer, firstLineIndex: lineIndex, lineIndex });
  }

  return {
    allocated(host, { pages, memoryType }, open, lineIndex) {
      const buffer: Buffer = {
        id: ++allocations,
        order: context.nextOrder(),
        host,
        pages,
        memoryType,
        calledLineIndex: open?.lineIndex ?? null,
        allocatedLineIndex: lineIndex,
        owner: null,
        freedLineIndex: null,
        freedIn: null,
        freeInferred: false,
      };
      const stale = book.add(buffer);
      if (stale) {
        steps.add('buffer-lost', lineIndex, stale.id);
        sink.bufferSettled(stale);
      }
      steps.add('allocated', lineIndex, buffer.id);
      if (open) steps.resolve(open.step, buffer.id);
      window.made('allocated', null, buffer, lineIndex);
      sink.fact({ kind: 'allocated', buffer });
      return buffer;
    },
    freed(host, pages, lineIndex, unseen = context.mayBeLost()) {
      frees++;
      lastFree = { host, lineIndex };
      const bytes = pagesToBytes(pages);
      const buffer = book.at(host, bytes);
      const previous = buffer ? null : book.lastFreedAt(host);
      const known = buffer ?? previous;
      const whole = buffer?.host === host && (buffer.pages === null || buffer.pages === pages);
      const outcome = buffer ? (whole ? 'whole' : 'part') : previous ? 'again' : 'unknown';
      sink.fact({
        kind: 'freed',
        host,
        pages,
        lineIndex,
        buffer,
        outcome,
        previous,
        mapped: context.liveByHost.overlapping(host, bytes, (mapping) => !damage.since(mapping.mappedLineIndex)),
        explainedByDamage: known ? damage.since(known.freedLineIndex ?? known.allocatedLineIndex) : unseen,
      });
      if (!buffer) {
        steps.add('free-refused', lineIndex, steps.note({ kind: 'text', text: formatAddress(host) }));
        window.freedUnknown(host, pages, lineIndex);
      } else if (outcome === 'part' && buffer.pages !== null && pages < buffer.pages) {
        // Part of a buffer was trimmed off: the rest is still there.
        steps.add('trimmed', lineIndex, buffer.id);
      } else {
        end(buffer, lineIndex);
      }
    },
    freedUntold(lastUnmapped, lineIndex) {
      frees++;
      const buffer = lastUnmapped && isCommonBuffer(lastUnmapped) ? lastUnmapped.buffer : null;
      if (buffer?.freedLineIndex === null) {
        buffer.freeInferred = true;
        end(buffer, lineIndex);
      } else {
        steps.add('free-refused', lineIndex, 0);
        window.freedUnknown(null, null, lineIndex);
      }
    },
    around: book.around,
    at: book.beginningAt,
    get lastFree() {
      return lastFree;
    },
    get live() {
      return book.live;
    },
    get counts() {
      return { allocations, frees };
    },
  };
}
