import { readFile } from 'node:fs/promises';

/** A boot in which one Map() begins inside another: at line 15 the outer call, at 16 the inner one, which returns at 18, the outer at 24. */
export async function readNestedLog(): Promise<string> {
  return readFile(new URL('../../fixtures/rules/map-failed/ok-calls-nested.log', import.meta.url), 'utf8');
}
