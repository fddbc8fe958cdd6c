import { parseExpression } from './parser.ts';
import type { ExpressionError } from './syntax-tree.ts';

/** What is wrong with a condition, and where; `null`: nothing is. An empty one always holds. */
export function checkReplayCondition(text: string): string | null {
  if (text.trim() === '') return null;
  const parsed = parseExpression(text);
  return parsed.ok ? null : describeMistake(parsed.error);
}

/** The message with its place, which is counted from 1 as people do. */
export function describeMistake({ message, at }: ExpressionError): string {
  return `${message} (at character ${at + 1})`;
}
