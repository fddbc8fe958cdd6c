import type { QuotingStyle } from '../../capture/split-command-line.ts';

/** What a capture needs of the machine that the extension runs on. */
export interface CaptureHost {
  /** Runs a script of Node in a terminal. */
  readonly node: NodeCommand;
  /** How its users quote what they type. */
  readonly quoting: QuotingStyle;
  readonly homeFolder: string;
  /** An absolute path: `path` as seen from the folder `from`. */
  resolvePath(from: string, path: string): string;
}

/** A program, and the words between it and the path of the script. */
export interface NodeCommand {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}
