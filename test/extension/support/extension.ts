import * as vscode from 'vscode';
import { expectPresent } from './expect.ts';

export const EXTENSION_ID = 'dma-handoff.dma-handoff';
export const LANGUAGE_ID = 'edk2-log';
export const DIAGNOSTIC_SOURCE = 'dma-handoff';

/** What `activate()` returns. Written down here again on purpose: these tests see the packaged extension from outside. */
export interface HandoffApi {
  readonly version: string;
  readonly host: 'node' | 'web';
  whenAnalyzed(uri: string): Promise<HandoffReport | null>;
}

export interface HandoffReport {
  readonly traces: readonly {
    readonly summary: { readonly liveAtHandoff: number; readonly errors: number; readonly warnings: number };
  }[];
}

export function getExtension(): vscode.Extension<HandoffApi> {
  return expectPresent(vscode.extensions.getExtension<HandoffApi>(EXTENSION_ID), `the extension ${EXTENSION_ID}`);
}

export async function activate(): Promise<HandoffApi> {
  return getExtension().activate();
}
