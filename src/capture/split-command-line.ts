export type SplitCommandLine =
  { readonly ok: true; readonly words: readonly string[] } | { readonly ok: false; readonly message: string };

/** How a command line is quoted: as in the POSIX shell (XCU 2.2), or as Windows' programs take theirs apart. */
export type QuotingStyle = 'posix' | 'windows';

interface Quoting {
  /** Line breaks that join two lines. */
  readonly joint: RegExp;
  /** A piece of a word. What would need a shell is none. */
  readonly piece: RegExp;
  readonly unquote: (piece: string) => string;
}

const QUOTINGS: Readonly<Record<QuotingStyle, Quoting>> = {
  posix: {
    joint: /\\\r?\n/y,
    piece: /'[^']*'|"(?:[^"\\`$]|\$(?![({\w@*#?$!-])|\\.)*"|\\.|(?:[^\s'"\\|&;<>()`$]|\$(?![({\w@*#?$!-]))+/sy,
    unquote(piece) {
      if (piece.startsWith("'")) return piece.slice(1, -1);
      // Within double quotes a backslash is itself, but before what it can protect.
      if (piece.startsWith('"')) return piece.slice(1, -1).replaceAll(/\\(?:\r?\n|([$`"\\]))/g, '$1');
      return piece.startsWith('\\') ? piece.slice(1) : piece;
    },
  },
  windows: {
    joint: /\^\r?\n/y,
    // A backslash is part of a path, but before a double quote.
    piece: /"(?:[^"\\]|\\.)*"|\\"|(?:[^\s"\\|&<>]|\\(?!"))+/sy,
    unquote: (piece) => (/^"./s.test(piece) ? piece.slice(1, -1) : piece).replaceAll('\\"', '"'),
  },
};

/** Where a double quote ends, whatever it holds. */
const WHOLE_QUOTE = /"(?:[^"\\]|\\.)*"/sy;

/**
 * Splits a command line as a person types or pastes it into words. Nothing is done with the words: what would need a shell
 * (variables, `~`, commands, pipes) is refused, instead of being passed on as a word that means nothing.
 */
export function splitCommandLine(text: string, style: QuotingStyle = 'posix'): SplitCommandLine {
  const { joint, piece: pieces, unquote } = QUOTINGS[style];
  const words: string[] = [];
  let word: string | null = null;
  let offset = 0;
  while (offset < text.length) {
    const jointLength = lengthAt(joint, text, offset);
    if (jointLength > 0) {
      offset += jointLength;
    } else if (/\s/.test(text.charAt(offset))) {
      if (word !== null) words.push(word);
      word = null;
      offset++;
    } else {
      // Only ahead of a word a shell takes it for a folder.
      const isHome: boolean = word === null && style === 'posix' && text.charAt(offset) === '~';
      const length: number = isHome ? 0 : lengthAt(pieces, text, offset);
      if (length === 0) return { ok: false, message: problemAt(text, offset) };
      word = (word ?? '') + unquote(text.slice(offset, offset + length));
      offset += length;
    }
  }
  if (word !== null) words.push(word);
  return { ok: true, words };
}

/** Length of what `pattern`, which is sticky, matches at `offset`; 0 if nothing. */
function lengthAt(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0].length ?? 0;
}

function problemAt(text: string, offset: number): string {
  const character = text.charAt(offset);
  if (character === '\\') return 'The command line ends with a backslash.';
  if (character === "'" || (character === '"' && lengthAt(WHOLE_QUOTE, text, offset) === 0))
    return `A quote (${character}) has no end.`;
  if (character === '~') return 'A ~ is for a shell, and there is none here: write the folder that it stands for.';
  if (/["$`]/.test(character))
    return 'Variables and commands within a command line are for a shell, and there is none here: write what they stand for.';
  return `A “${character}” is for a shell, and there is none here: give the words of one command.`;
}
