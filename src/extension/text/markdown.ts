/**
 * Text from a log as Markdown that shows it and nothing else: no links, no images, no HTML, no icons, no line breaks.
 * Whoever can write to the log would otherwise write into the user's editor.
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      // Control characters and line ends could end the paragraph or the table's row; bidirectional ones could reorder it.
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .replace(/[\\`*_{}[\]()#+\-.!|~<>&$:@^=/'"]/g, (character) => ENTITIES[character] ?? `\\${character}`)
  );
}

/** A backslash does not stop automatic links, tables and HTML in every Markdown renderer; a character reference does. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  $: '&#36;',
  ':': '&#58;',
  '@': '&#64;',
  '/': '&#47;',
  '.': '&#46;',
};

/** A number of the log in the editor's font. */
export function code(text: string): string {
  // Nothing can be escaped inside, so what is no plain word or number is shown as text.
  return /^[\w:.+-]+$/.test(text) ? `\`${text}\`` : escapeMarkdown(text);
}

export function link(text: string, target: string): string {
  return `[${text}](${target})`;
}

/** Cells are Markdown already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
