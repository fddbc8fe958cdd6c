import type { ExtensionContext } from 'vscode';
import { activateOn, type HandoffApi } from './activate.ts';
import { webPlatform } from './platform.web.ts';

export function activate(context: ExtensionContext): HandoffApi {
  return activateOn(webPlatform, context, null);
}
