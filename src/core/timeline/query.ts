/** A word of a query: `owner:"Xhci Dxe"` has a key and a value, `XhciDxe` a value only. */
export interface QueryWord {
  /** In lower case; `null`: none. */
  readonly key: string | null;
  readonly value: string;
  /** As it was typed. */
  readonly text: string;
}

/** What is longer was not typed by anybody. */
const MOST_LENGTH = 1000;

/** Cuts a query into words. A key is made of letters, so that `00:02.0` is a value; a value in quotes may hold blanks. */
export function readQuery(query: string): readonly QueryWord[] {
  const words: QueryWord[] = [];
  const pattern = /(?:([a-z]+):)?(?:"([^"]*)"?|([^\s"]+))/giy;
  const text = query.slice(0, MOST_LENGTH);
  for (let at = 0; at < text.length; at = Math.max(pattern.lastIndex, at + 1)) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) continue;
    const [typed, key, quoted, plain] = found;
    // Whoever types sees what is missing behind the colon.
    const lonely = key === undefined && plain !== undefined && /^[a-z]+:$/i.test(plain);
    if (lonely) words.push({ key: plain.slice(0, -1).toLowerCase(), value: '', text: typed });
    else words.push({ key: key?.toLowerCase() ?? null, value: quoted ?? plain ?? '', text: typed });
  }
  return words;
}
