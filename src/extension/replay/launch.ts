import type { ReplayMoment, ReplayOutline } from '../../core/index.ts';
import { refused, succeeded, type Outcome } from '../../protocol/outcome.ts';
import type { Cancellation } from '../../protocol/rpc.ts';
import { flagIn, integerIn, textIn, type Arguments } from './arguments.ts';
import type { DebugHost, OpenLog } from './debug-host.ts';

/** What a launch configuration asks for. */
export interface Launch {
  readonly program: string;
  readonly stopOnEntry: boolean;
  /** 1-based; `null`: the first. */
  readonly boot: number | null;
  /** 1-based line; `null`: where the boot begins. */
  readonly startAt: number | null;
}

export function readLaunch(args: Arguments): Outcome<Launch> {
  const program = textIn(args, 'program') ?? '';
  if (program === '') return refused('The launch configuration names no log: `program` is missing.');
  return succeeded({
    program,
    stopOnEntry: flagIn(args, 'stopOnEntry') ?? true,
    boot: integerIn(args, 'boot'),
    startAt: integerIn(args, 'startAt'),
  });
}

/** A log that is ready to be replayed. */
export interface Opened {
  readonly log: OpenLog;
  readonly outline: ReplayOutline;
  /** Where the replay begins. */
  readonly entry: ReplayMoment;
}

export async function openLaunch(
  host: DebugHost,
  launch: Launch,
  cancellation: Cancellation,
): Promise<Outcome<Opened>> {
  const opened = await host.open(launch.program, cancellation);
  if (!opened.ok) return opened;
  const log = opened.value;
  const ready = await findEntry(log, launch, cancellation);
  if (!ready.ok) log.close();
  return ready;
}

async function findEntry(log: OpenLog, launch: Launch, cancellation: Cancellation): Promise<Outcome<Opened>> {
  const outline = await log.ask('openReplay', {}, { cancellation });
  if (!outline.ok) return outline;
  const { boots, stepCount } = outline.value;
  if (stepCount === 0) return refused(`${log.name} tells of no DMA call and of no device: there is nothing to replay.`);
  const boot = boots[(launch.boot ?? 1) - 1];
  if (boot === undefined) {
    return refused(
      `${log.name} has no boot ${launch.boot}: there ${boots.length === 1 ? 'is 1' : `are ${boots.length}`}.`,
    );
  }
  const step =
    launch.startAt === null
      ? ({ ok: true, value: boot.firstStep } as const)
      : await log.ask('findReplayStep', { line: launch.startAt }, { cancellation });
  if (!step.ok) return step;
  const entry = await log.ask('replayMoment', { step: step.value }, { cancellation });
  return entry.ok ? succeeded({ log, outline: outline.value, entry: entry.value }) : entry;
}
