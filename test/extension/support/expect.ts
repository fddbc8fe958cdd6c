// Assertions that need neither Node nor a library, so that the same tests run in a web worker.

export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [seen, wanted] = [toText(actual), toText(expected)];
  if (seen !== wanted) throw new Error(`${what}: expected ${wanted}, found ${seen}`);
}

export function expectTrue(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

export function expectMatch(text: string, pattern: RegExp, what: string): void {
  if (!pattern.test(text))
    throw new Error(`${what}: ${String(pattern)} does not match ${JSON.stringify(text.slice(0, 2000))}`);
}

/** The value, or a failure that says what is missing. */
export function expectPresent<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}

function toText(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value);
}
