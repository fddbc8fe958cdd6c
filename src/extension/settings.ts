import { workspace, type ConfigurationChangeEvent, type Uri } from 'vscode';
import { PLATFORM_CHOICES, SEVERITIES, type PlatformChoice, type RuleSettings, type Severity } from '../core/index.ts';

const SECTION = 'dmaHandoff';
const CHOICES: readonly string[] = ['off', ...SEVERITIES];

export interface Settings {
  readonly rules: RuleSettings;
  readonly platform: PlatformChoice;
  readonly analyzeOnOpen: boolean;
  readonly detectLanguage: boolean;
}

export function readSettings(uri: Uri): Settings {
  const configuration = workspace.getConfiguration(SECTION, uri);
  return {
    rules: toRuleSettings(configuration.get<unknown>('rules')),
    platform: PLATFORM_CHOICES.find((choice) => choice === configuration.get<unknown>('platform')) ?? 'auto',
    analyzeOnOpen: configuration.get<unknown>('analyzeOnOpen') !== false,
    detectLanguage: configuration.get<unknown>('detectLanguage') !== false,
  };
}

export function affectsSettings(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(SECTION);
}

/** Whatever stands in settings.json, only a choice that exists counts; "default" is no choice. */
function toRuleSettings(value: unknown): RuleSettings {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Severity | 'off'] => isChoice(entry[1])),
  );
}

function isChoice(value: unknown): value is Severity | 'off' {
  return typeof value === 'string' && CHOICES.includes(value);
}
