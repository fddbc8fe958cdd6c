import { RULES } from '../rules/registry.ts';
import type { RuleMeta } from '../rules/rule.ts';

/** What is known of every rule without running it, in the order of the documentation. */
export const RULE_METADATA: readonly RuleMeta[] = RULES.map(({ meta }) => meta);
