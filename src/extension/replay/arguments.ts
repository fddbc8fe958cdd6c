/** What a client sends may be anything: each reader gives `null` for what is missing or of another type. */
export type Arguments = Readonly<Record<string, unknown>>;

const NONE: Arguments = {};

export function toArguments(value: unknown): Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Arguments) : NONE;
}

export function textIn(args: Arguments, name: string): string | null {
  const value = own(args, name);
  return typeof value === 'string' ? value : null;
}

export function integerIn(args: Arguments, name: string): number | null {
  const value = own(args, name);
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** Of a count or a place in a list: 0 where it is missing or none. */
export function countIn(args: Arguments, name: string): number {
  return Math.max(0, integerIn(args, name) ?? 0);
}

export function flagIn(args: Arguments, name: string): boolean | null {
  const value = own(args, name);
  return typeof value === 'boolean' ? value : null;
}

export function listIn(args: Arguments, name: string): readonly unknown[] | null {
  const value = own(args, name);
  return Array.isArray(value) ? value : null;
}

function own(args: Arguments, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}
