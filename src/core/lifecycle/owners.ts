import type { OwnerHint } from '../model/events.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import type { Mapping, Owner } from '../model/trace.ts';
import type { RangeIndex } from './range-index.ts';

/**
 * Whose a mapping is, from what the drivers print. Only an address that a driver printed proves it; that a mapping stands close
 * to a driver's line is evidence, given as such and never as certain.
 */
export interface OwnerTracker {
  hinted(hint: OwnerHint, lineIndex: number): void;
  mapped(mapping: Mapping): void;
}

/** A driver binding maps its rings within this many lines of the line it prints. */
const BINDING_REACH_LINES = 100;
/** A transfer is mapped within this many lines behind a line of the driver that starts it. */
const ACTIVITY_REACH_LINES = 40;

interface Mark {
  readonly driver: string;
  readonly lineIndex: number;
}

export function createOwnerTracker(liveByDevice: RangeIndex<Mapping>): OwnerTracker {
  let start: Mark | null = null;
  let activity: Mark | null = null;
  /** Last line that began or ended a driver binding: nothing before it belongs to the next one. */
  let boundaryLineIndex = -1;
  /** CommonBuffers since the boundary that no line has claimed yet. */
  let unclaimed: Mapping[] = [];

  return {
    hinted({ driver, how, address }, lineIndex) {
      activity = { driver, lineIndex };
      switch (how) {
        case 'start':
          start = { driver, lineIndex };
          break;
        case 'started':
          for (const mapping of unclaimed) {
            if (
              mapping.owner === null &&
              mapping.unmappedLineIndex === null &&
              lineIndex - mapping.mappedLineIndex <= BINDING_REACH_LINES
            )
              mapping.owner = owner(driver, lineIndex, false, `${driver} reported its start behind this Map`);
          }
          start = null;
          break;
        case 'address':
          if (address === null) return;
          for (const mapping of liveByDevice.overlapping(address, 1, (each) => each.owner?.certain !== true))
            mapping.owner = owner(driver, lineIndex, true, `${driver} printed an address inside this mapping`);
          return;
        case 'active':
          return;
      }
      boundaryLineIndex = lineIndex;
      unclaimed = [];
    },
    mapped(mapping) {
      if (mapping.owner) return;
      const { mappedLineIndex: lineIndex } = mapping;
      if (isReadOrWrite(mapping)) {
        if (activity && lineIndex - activity.lineIndex <= ACTIVITY_REACH_LINES)
          mapping.owner = owner(
            activity.driver,
            activity.lineIndex,
            false,
            `${activity.driver} printed the last driver line before this Map`,
          );
        return;
      }
      if (start && lineIndex - start.lineIndex <= BINDING_REACH_LINES)
        mapping.owner = owner(start.driver, start.lineIndex, false, `${start.driver} began its start before this Map`);
      else if (boundaryLineIndex < lineIndex) {
        if (unclaimed.length > 0 && lineIndex - (unclaimed[0]?.mappedLineIndex ?? 0) > BINDING_REACH_LINES)
          unclaimed = unclaimed.filter((each) => lineIndex - each.mappedLineIndex <= BINDING_REACH_LINES);
        unclaimed.push(mapping);
      }
    },
  };
}

function owner(name: string, lineIndex: number, certain: boolean, evidence: string): Owner {
  return { name, evidence, evidenceLineIndex: lineIndex, certain };
}
