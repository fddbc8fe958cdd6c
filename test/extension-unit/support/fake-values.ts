/** VS Code's plain values. Only what the extension uses of them. */

export class Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  private constructor(scheme: string, authority: string, path: string, query: string, fragment: string) {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.query = query;
    this.fragment = fragment;
  }
  static from(parts: { scheme: string; authority?: string; path?: string; query?: string; fragment?: string }): Uri {
    return new Uri(parts.scheme, parts.authority ?? '', parts.path ?? '', parts.query ?? '', parts.fragment ?? '');
  }
  static file(path: string): Uri {
    return Uri.from({ scheme: 'file', path });
  }
  static parse(text: string): Uri {
    const [beforeFragment, fragment] = splitOnce(text, '#');
    const [beforeQuery, query] = splitOnce(beforeFragment, '?');
    const [scheme, rest] = splitOnce(beforeQuery, ':');
    if (!rest.startsWith('//')) return new Uri(scheme, '', rest, decodeURIComponent(query), fragment);
    const [authority, path] = splitOnce(rest.slice(2), '/');
    return new Uri(scheme, authority, `/${path}`, decodeURIComponent(query), fragment);
  }
  static joinPath(base: Uri, ...parts: string[]): Uri {
    return base.with({ path: [base.path, ...parts].join('/').replaceAll(/\/+/g, '/') });
  }
  get fsPath(): string {
    return this.path;
  }
  with(parts: { path?: string; fragment?: string }): Uri {
    return new Uri(this.scheme, this.authority, parts.path ?? this.path, this.query, parts.fragment ?? this.fragment);
  }
  toString(): string {
    const query = this.query === '' ? '' : `?${encodeURIComponent(this.query)}`;
    const fragment = this.fragment === '' ? '' : `#${encodeURIComponent(this.fragment)}`;
    const authority = this.scheme === 'file' || this.authority !== '' ? `//${this.authority}` : '';
    return `${this.scheme}:${authority}${this.path}${query}${fragment}`;
  }
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(startLine: number | Position, startCharacter: number | Position, endLine = 0, endCharacter = 0) {
    if (typeof startLine === 'number' && typeof startCharacter === 'number') {
      this.start = new Position(startLine, startCharacter);
      this.end = new Position(endLine, endCharacter);
    } else {
      this.start = startLine as Position;
      this.end = startCharacter as Position;
    }
  }
}

export class Location {
  readonly uri: Uri;
  readonly range: Range;
  constructor(uri: Uri, range: Range) {
    this.uri = uri;
    this.range = range;
  }
}

export class Diagnostic {
  source = '';
  code: unknown;
  relatedInformation: DiagnosticRelatedInformation[] = [];
  readonly range: Range;
  readonly message: string;
  readonly severity: number;
  constructor(range: Range, message: string, severity: number) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}

export class DiagnosticRelatedInformation {
  readonly location: Location;
  readonly message: string;
  constructor(location: Location, message: string) {
    this.location = location;
    this.message = message;
  }
}

export class MarkdownString {
  isTrusted: unknown;
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

export class Hover {
  readonly contents: MarkdownString;
  readonly range: Range;
  constructor(contents: MarkdownString, range: Range) {
    this.contents = contents;
    this.range = range;
  }
}

export class DocumentLink {
  tooltip = '';
  readonly range: Range;
  readonly target: Uri;
  constructor(range: Range, target: Uri) {
    this.range = range;
    this.target = target;
  }
}

export class TabInputText {
  readonly uri: Uri;
  constructor(uri: Uri) {
    this.uri = uri;
  }
}

export class Disposable {
  readonly dispose: () => void;
  constructor(release: () => void) {
    this.dispose = release;
  }
}

export class EvaluatableExpression {
  readonly range: Range;
  constructor(range: Range) {
    this.range = range;
  }
}

export class DebugAdapterInlineImplementation {
  readonly implementation: unknown;
  constructor(implementation: unknown) {
    this.implementation = implementation;
  }
}

export const DebugConfigurationProviderTriggerKind = { Initial: 1, Dynamic: 2 } as const;
export class ThemeIcon {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ProcessExecution {
  readonly process: string;
  readonly args: readonly string[];
  readonly options: unknown;
  constructor(process: string, args: readonly string[], options?: unknown) {
    this.process = process;
    this.args = args;
    this.options = options;
  }
}

export class Task {
  detail: string | undefined;
  presentationOptions: unknown;
  readonly definition: unknown;
  readonly scope: unknown;
  readonly name: string;
  readonly source: string;
  readonly execution: unknown;
  constructor(definition: unknown, scope: unknown, name: string, source: string, execution?: unknown) {
    this.definition = definition;
    this.scope = scope;
    this.name = name;
    this.source = source;
    this.execution = execution;
  }
}

export const TaskScope = { Global: 1, Workspace: 2 } as const;
export const TaskPanelKind = { Shared: 1, Dedicated: 2, New: 3 } as const;
export const TaskRevealKind = { Always: 1, Silent: 2, Never: 3 } as const;
export const InputBoxValidationSeverity = { Info: 1, Warning: 2, Error: 3 } as const;
export const QuickPickItemKind = { Separator: -1, Default: 0 } as const;
export class TabInputWebview {
  readonly viewType: string;
  constructor(viewType: string) {
    this.viewType = viewType;
  }
}

export const ViewColumn = { Active: -1, Beside: -2, One: 1, Two: 2 } as const;
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 } as const;
export const StatusBarAlignment = { Left: 1, Right: 2 } as const;
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 } as const;

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
