const PROBE_INTERVAL_MS = 20;

/**
 * Waits for a state of VS Code that arrives by itself.
 * @param probe gives the awaited value, or `undefined` while it is not there yet
 */
export async function until<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 15_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadlineMs) throw new Error(`waited ${String(timeoutMs)} ms in vain for ${what}`);
    await pause(PROBE_INTERVAL_MS);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
