import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RuleMeta } from '../../core/index.ts';

/** What the adapter can do; each rule is an exception that one can break on. */
export function capabilitiesWith(rules: readonly RuleMeta[]): DebugProtocol.Capabilities {
  return {
    supportsConfigurationDoneRequest: true,
    supportsStepBack: true,
    supportsRestartRequest: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsFunctionBreakpoints: true,
    supportsEvaluateForHovers: true,
    supportsClipboardContext: true,
    supportsExceptionInfoRequest: true,
    supportsGotoTargetsRequest: true,
    supportsCompletionsRequest: true,
    supportsBreakpointLocationsRequest: true,
    supportsTerminateRequest: true,
    supportsValueFormattingOptions: true,
    exceptionBreakpointFilters: rules.map(({ id, summary }) => ({
      filter: id,
      label: id,
      description: summary,
      default: false,
      supportsCondition: false,
    })),
  };
}
