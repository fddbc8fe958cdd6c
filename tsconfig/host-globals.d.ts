/**
 * The globals that Node and web workers share, for code that runs in both: `src/extension` and `src/worker` outside
 * `*.node.ts` and `*.web.ts`. Those two kinds of file see their host's own, complete declarations instead.
 */
declare function setTimeout(callback: () => void, delayMilliseconds?: number): unknown;
declare function clearTimeout(timeout: unknown): void;
declare function queueMicrotask(callback: () => void): void;

declare const performance: { now(): number };

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare const crypto: { getRandomValues(array: Uint8Array): Uint8Array };

declare class URLSearchParams {
  constructor(init?: string | Readonly<Record<string, string>>);
  get(name: string): string | null;
  set(name: string, value: string): void;
  toString(): string;
}
