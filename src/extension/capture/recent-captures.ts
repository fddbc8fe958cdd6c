import type { Memento } from 'vscode';
import { parseDefinition, toTaskDefinition, type CaptureDefinition } from './definition.ts';
import { TASK_TYPE } from '../ids.ts';

/** What was captured in this workspace before, the latest first. */
export interface RecentCaptures {
  all(): readonly CaptureDefinition[];
  add(definition: CaptureDefinition): Promise<void>;
  remove(definition: CaptureDefinition): Promise<void>;
}

const KEY = 'dmaHandoff.recentCaptures';
const MOST = 10;

export function createRecentCaptures(memento: Memento): RecentCaptures {
  function all(): readonly CaptureDefinition[] {
    const kept = memento.get<unknown>(KEY);
    if (!Array.isArray(kept)) return [];
    // Another version may have written it.
    return kept.flatMap((entry: unknown) => {
      const parsed = parseDefinition({ type: TASK_TYPE, ...toObject(entry) }, 'posix');
      return parsed.ok ? [parsed.definition] : [];
    });
  }

  function without(definition: CaptureDefinition): readonly CaptureDefinition[] {
    return all().filter((other) => !isSameCapture(other, definition));
  }

  async function keep(definitions: readonly CaptureDefinition[]): Promise<void> {
    await memento.update(KEY, definitions.slice(0, MOST).map(toTaskDefinition));
  }

  return {
    all,
    add: (definition) => keep([{ ...definition, log: null }, ...without(definition)]),
    remove: (definition) => keep(without(definition)),
  };
}

/** Whether they differ in the log at most: each capture gets a new one. */
function isSameCapture(a: CaptureDefinition, b: CaptureDefinition): boolean {
  const [left, right] = [a, b].map((definition) => JSON.stringify(toTaskDefinition({ ...definition, log: null })));
  return left === right;
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
