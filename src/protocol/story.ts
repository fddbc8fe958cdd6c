/**
 * Facts about a thing in words, without a notion of how they are shown: an editor's hover makes Markdown of them, the timeline's
 * details make elements.
 */
export interface Story {
  readonly title: StoryText;
  readonly parts: readonly StoryPart[];
}

export type StoryPart =
  | { readonly kind: 'paragraph'; readonly text: StoryText }
  | { readonly kind: 'table'; readonly header: readonly string[]; readonly rows: readonly (readonly StoryText[])[] };

export type StoryText = readonly StorySpan[];

export interface StorySpan {
  readonly text: string;
  /** `words`: the extension's own. `quoted`: stems from the log, and so is hostile. `code`: a name or number of the log. */
  readonly style: 'words' | 'quoted' | 'code';
  readonly strong: boolean;
  /** 1-based line of the log that the span leads to, or `null`. */
  readonly line: number | null;
}
