import type { ExtensionContext } from 'vscode';
import { activateOn, type HandoffApi } from './activate.ts';
import { nodeCaptureHost } from './capture/capture-host.node.ts';
import { registerCaptureWithQemu } from './features/capture-with-qemu.ts';
import { nodePlatform } from './platform.node.ts';

export function activate(context: ExtensionContext): HandoffApi {
  return activateOn(nodePlatform, context, (services) => registerCaptureWithQemu(nodeCaptureHost, services));
}
