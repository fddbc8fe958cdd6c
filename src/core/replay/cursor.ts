import type { Journal } from '../journal/journal.ts';
import type { BootIndex } from './boot-index.ts';
import { blockCount } from './live-ids.ts';
import type { MovingState, Snapshot, State } from './state.ts';
import { createState } from './state.ts';

/** The state of a boot behind one of its steps, which can be any. */
export interface Cursor {
  readonly state: State;
  /** Goes to a step of the boot; −1 is before the first. */
  readonly moveTo: (step: number) => State;
  readonly watch: MovingState['watch'];
}

/** States to start from. */
export interface Checkpoints {
  /** The last one that is not behind the step. */
  before(step: number): Snapshot;
  readonly count: number;
  /** How much memory they hold, about, in bytes. */
  readonly bytes: number;
}

/** Below this a step is reached sooner than a checkpoint is loaded. */
const SHORTEST_DISTANCE = 1024;
/** Of one snapshot without its counts of live ids. */
const SNAPSHOT_BYTES = 512;

/**
 * Goes through the boot once. The distance between two checkpoints is √n steps, and no less than the numbers that each of them
 * holds: so all of them together hold less memory than the steps do, whatever is live.
 */
export function createCheckpoints(journal: Journal, index: BootIndex): Checkpoints {
  const state = createState(journal, index);
  const blocks = blockCount(index.mappings.begins.length) + blockCount(index.buffers.begins.length);
  const distance = Math.max(SHORTEST_DISTANCE, Math.ceil(Math.sqrt(journal.stepCount)), blocks);
  const snapshots = [state.snapshot()];
  for (let next = distance; next <= journal.stepCount; next += distance) {
    while (state.stepsDone < next) state.redo();
    snapshots.push(state.snapshot());
  }

  return {
    before(step) {
      const snapshot = snapshots[Math.floor((step + 1) / distance)];
      if (snapshot === undefined) throw new Error(`There is no step ${step}.`);
      return snapshot;
    },
    count: snapshots.length,
    bytes: snapshots.length * (SNAPSHOT_BYTES + 2 * blocks),
  };
}

export function createCursor(journal: Journal, index: BootIndex, checkpoints: Checkpoints): Cursor {
  const state = createState(journal, index);

  return {
    state,
    moveTo(step) {
      const wanted = step + 1;
      const way = Math.abs(wanted - state.stepsDone);
      if (way > SHORTEST_DISTANCE) {
        const snapshot = checkpoints.before(step);
        if (way > wanted - snapshot.stepsDone + snapshot.mappings.length + snapshot.buffers.length)
          state.load(snapshot);
      }
      while (state.stepsDone < wanted) state.redo();
      while (state.stepsDone > wanted) state.undo();
      return state;
    },
    watch: state.watch,
  };
}
