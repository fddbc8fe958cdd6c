import type { LineFacts } from '../../core/index.ts';
import { storyMarkdown, type ToLineLink } from './story-markdown.ts';
import { tellFacts } from './story.ts';

export interface HoverPlace {
  /** 1-based line that the mouse is on. */
  readonly line: number;
  readonly lineLink: ToLineLink;
}

/** The facts of a line as Markdown. Whatever stems from the log is escaped. */
export function hoverMarkdown(facts: readonly LineFacts[], { line, lineLink }: HoverPlace): string {
  const { stories, more } = tellFacts(facts, line);
  const parts = stories.map((story) => storyMarkdown(story, lineLink));
  if (more > 0) parts.push(`…and ${more} more on this line.`);
  return parts.join('\n\n---\n\n');
}
