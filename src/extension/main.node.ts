import type { ExtensionContext } from 'vscode';
import { activateOn, type HandoffApi } from './activate.ts';
import { nodePlatform } from './platform.node.ts';

export function activate(context: ExtensionContext): HandoffApi {
  return activateOn(nodePlatform, context);
}
