/** What a hit count says: stop at the n-th time; 0: each time; `null`: it is no number. */
export function parseHitCount(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  const count = Number(trimmed);
  return Number.isSafeInteger(count) && count > 0 ? count : null;
}
