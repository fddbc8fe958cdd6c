/** The words as a POSIX shell takes them, on one line: what is not plain stands in single quotes. */
export function formatCommandLine(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/** Letters, digits, and the signs that mean nothing to a shell within a word (XCU 2.2). `=` ahead of a command would be an assignment. */
function quote(word: string, index: number): string {
  const plain = index === 0 ? /^[\w@%+:,./-]+$/ : /^[\w@%+=:,./-]+$/;
  return plain.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
