import { formatBytes } from '../../core/index.ts';
import type { LogProgress } from '../../protocol/capture-calls.ts';
import { plural } from '../text/verdict.ts';

/** Where a boot stands, in the few words that fit into the status bar. */
export function standingInShort(progress: LogProgress): string {
  return describe(progress, '');
}

/** The same for the message of the capture, where there is more room. */
export function standingInDetail(progress: LogProgress): string {
  const { live, liveBytes, lines } = progress;
  const bytes = live > 0 ? ` (${formatBytes(liveBytes)})` : '';
  return `${describe(progress, bytes)}; ${plural(lines, 'line')}.`;
}

function describe({ boot, phase, maps, live, calls }: LogProgress, bytes: string): string {
  const prefix = boot > 1 ? `Boot ${boot}: ` : '';
  if (calls === 0) return `${prefix}${SILENT[phase]}`;
  switch (phase) {
    case 'boot':
      return `${prefix}Booting: ${live} mapped${bytes} by ${plural(maps, 'Map')}`;
    case 'exit':
      return `${prefix}In ExitBootServices: ${live} mapped${bytes}`;
    case 'handed-off':
      return `${prefix}Handed over: ${live} mapped${bytes}`;
  }
}

/** Before the first DMA call, and where none comes. */
const SILENT: Readonly<Record<LogProgress['phase'], string>> = {
  boot: 'Booting: no DMA call yet',
  exit: 'In ExitBootServices: no DMA call',
  'handed-off': 'Handed over: no DMA call',
};
