import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXPRESSION_NAMES, REPLAY_COMMANDS } from '../../core/index.ts';

const WORD_BEFORE = /[A-Za-z][\w-]*$/;

/**
 * What could stand at a place of the debug console: commands at the beginning, names everywhere.
 * @param column from 0
 * @param firstColumn how the client counts them
 */
export function complete(text: string, column: number, firstColumn: number): DebugProtocol.CompletionItem[] {
  const before = text.slice(0, Math.max(column, 0));
  const word = WORD_BEFORE.exec(before.slice(-64))?.[0] ?? '';
  const start = before.length - word.length;
  const isFirst = before.slice(0, start).trim() === '';
  const commands = isFirst ? REPLAY_COMMANDS.map(({ name, meaning }) => toItem(name, meaning, 'function')) : [];
  const names = [...EXPRESSION_NAMES].map(([name, { meaning }]) => toItem(name, meaning, 'variable'));
  return [...commands, ...names]
    .filter(({ label }) => label.toLowerCase().startsWith(word.toLowerCase()))
    .map((item) => ({ ...item, start: start + firstColumn, length: word.length }));
}

function toItem(label: string, detail: string, type: DebugProtocol.CompletionItemType): DebugProtocol.CompletionItem {
  return { label, detail, type };
}
