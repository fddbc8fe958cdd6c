import type { Outcome } from '../protocol/outcome.ts';

/** What the worker needs from the thread it runs in. */
export interface WorkerPlatform {
  /** Decodes one byte to one UTF-16 unit. */
  decodeBytes(bytes: Uint8Array): string;
  /** Unpacks gzip data; `onBytes` gets the result piece by piece. */
  createGunzip(onBytes: (bytes: Uint8Array) => void): Gunzip;
  /** `null` where the worker cannot read files by itself. */
  readonly openFile: ((path: string) => Promise<Outcome<OpenFile>>) | null;
  /**
   * The bytes of a file that grows, as they come; `onStop` gets what ends them. `null` where the worker cannot read files.
   */
  readonly followFile: ((path: string, onStop: (stop: () => void) => void) => AsyncIterable<Uint8Array>) | null;
}

/** Both functions reject when the data is damaged or cut; what could be unpacked has been handed over by then. */
export interface Gunzip {
  /** Resolves when what can be unpacked has been handed over. */
  push(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

export interface OpenFile {
  /** Size when it was opened: a log may still grow. */
  readonly sizeBytes: number;
  /** Rejects when the file cannot be read to its end; leaving the loop closes it. */
  readonly chunks: AsyncIterable<Uint8Array>;
}
