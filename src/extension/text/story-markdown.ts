import type { Story, StoryPart, StorySpan, StoryText } from '../../protocol/story.ts';
import { code, escapeMarkdown, link, table } from './markdown.ts';

/** Gives the address that a link to a 1-based line has. */
export type ToLineLink = (line: number) => string;

/** A story as Markdown. Whatever stems from the log is escaped. */
export function storyMarkdown({ title, parts }: Story, toLineLink: ToLineLink): string {
  return [text(title, toLineLink), ...parts.map((part) => partMarkdown(part, toLineLink))].join('\n\n');
}

function partMarkdown(part: StoryPart, toLineLink: ToLineLink): string {
  if (part.kind === 'paragraph') return text(part.text, toLineLink);
  const rows = part.rows.map((cells) => cells.map((cell) => text(cell, toLineLink)));
  return table(part.header, rows);
}

function text(spans: StoryText, toLineLink: ToLineLink): string {
  let markdown = '';
  let isStrong = false;
  for (const span of spans) {
    if (span.strong !== isStrong) markdown += '**';
    isStrong = span.strong;
    markdown += spanMarkdown(span, toLineLink);
  }
  return isStrong ? `${markdown}**` : markdown;
}

function spanMarkdown({ text: content, style, line }: StorySpan, toLineLink: ToLineLink): string {
  if (line !== null) return link(content, toLineLink(line));
  switch (style) {
    case 'words':
      return content;
    case 'quoted':
      return escapeMarkdown(content);
    case 'code':
      return code(content);
  }
}
