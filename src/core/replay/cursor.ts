import type { Journal } from '../journal/journal.ts';
import type { BootIndex } from './boot-index.ts';
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
  /** The last one that is not behind the step, and how many steps of the boot it has done. */
  before(step: number): { readonly stepsDone: number; readonly snapshot: Snapshot };
  readonly count: number;
  /** How much memory they hold, about, in bytes. */
  readonly bytes: number;
}

/** Below this a step is reached sooner than a checkpoint is loaded. */
const SHORTEST_DISTANCE = 1024;
/** Of one snapshot without its lists. */
const SNAPSHOT_BYTES = 512;

/**
 * Goes through the boot once. A checkpoint comes at least √n steps behind the one before, and no sooner than as many steps have
 * passed as things are live in it: so all of them together hold no more memory than the steps, even where nothing is ever unmapped.
 */
export function createCheckpoints(journal: Journal, index: BootIndex): Checkpoints {
  const state = createState(journal, index);
  const distance = Math.max(SHORTEST_DISTANCE, Math.ceil(Math.sqrt(journal.stepCount)));
  const places = [0];
  const snapshots = [state.snapshot()];
  let bytes = SNAPSHOT_BYTES;
  let next = distance;
  for (let step = 0; step < journal.stepCount; step++) {
    state.redo(step);
    if (step + 1 < next) continue;
    const live = state.mappings.size + state.buffers.size;
    const last = places[places.length - 1] ?? 0;
    next = last + Math.max(distance, live);
    if (step + 1 < next) continue;
    places.push(step + 1);
    snapshots.push(state.snapshot());
    bytes += SNAPSHOT_BYTES + 4 * live;
    next = step + 1 + distance;
  }

  return {
    before(step) {
      let low = 0;
      let high = places.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((places[middle] ?? Infinity) <= step + 1) low = middle;
        else high = middle - 1;
      }
      const [stepsDone, snapshot] = [places[low], snapshots[low]];
      if (stepsDone === undefined || snapshot === undefined) throw new Error('There is no first checkpoint.');
      return { stepsDone, snapshot };
    },
    count: places.length,
    bytes,
  };
}

export function createCursor(journal: Journal, index: BootIndex, checkpoints: Checkpoints): Cursor {
  const state = createState(journal, index);
  /** The last step that is done. */
  let at = -1;

  return {
    state,
    moveTo(step) {
      const { stepsDone, snapshot } = checkpoints.before(step);
      const live = snapshot.mappings.length + snapshot.buffers.length;
      if (Math.abs(step - at) > step + 1 - stepsDone + live) {
        state.load(snapshot);
        at = stepsDone - 1;
      }
      while (at < step) state.redo(++at);
      while (at > step) state.undo(at--);
      return state;
    },
    watch: state.watch,
  };
}
