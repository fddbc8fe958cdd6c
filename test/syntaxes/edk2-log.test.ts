import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';

const SAMPLE = new URL('../fixtures/syntaxes/sample.log', import.meta.url);
const TOKENS = fileURLToPath(new URL('../fixtures/syntaxes/sample.tokens.txt', import.meta.url));
const GRAMMAR = new URL('../../syntaxes/edk2-log.tmLanguage.json', import.meta.url);
const SCOPE = 'source.edk2-log';

let grammar: IGrammar;

beforeAll(async () => {
  const wasm = await readFile(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(await readFile(GRAMMAR, 'utf8'), GRAMMAR.pathname),
  });
  grammar = (await registry.loadGrammar(SCOPE))!;
});

describe('the TextMate grammar', () => {
  test('gives real lines the scopes that people have looked at', async () => {
    const lines = (await readFile(SAMPLE, 'utf8')).trimEnd().split('\n');
    await expect(lines.map(describeLine).join('\n\n') + '\n').toMatchFileSnapshot(TOKENS);
  });

  test('leaves no state behind a line, so that a cut line does no harm to the next', async () => {
    const lines = (await readFile(SAMPLE, 'utf8')).trimEnd().split('\n');
    for (const line of lines) {
      for (const cut of [line, line.slice(0, line.length / 2), line.slice(line.length / 2)]) {
        const { ruleStack } = grammar.tokenizeLine(cut, textmate.INITIAL);
        expect(ruleStack.depth, cut).toBe(1);
      }
    }
  });

  test.each([
    ['of one record again and again', 'IoMmuMap: Operation=Write Host=0x1FB6535E Bytes=0x8 '],
    ['of digits', '0'],
    ['of hexadecimal digits behind 0x', '0xF'],
    ['of opening brackets', '['],
    ['of quotation marks', `'"`],
    ['of letters', 'IoMmuA'],
    ['of a name that never ends', 'VirtioBlkExitBoot'],
    ['of exclamation marks', '!!!! X64 Exception '],
    ['of dashes and digits', '00000000-0000-'],
    ['of keys without values', 'DMATRACE v1 #1 key='],
    ['of white space', ' '],
  ])('takes a line of 100 kB %s in linear time', (_what, piece) => {
    const short = tokenizingMs(repeatTo(piece, 25_000));
    const long = tokenizingMs(repeatTo(piece, 100_000));
    // Four times the text takes four times as long, in quadratic time sixteen times.
    expect(long).toBeLessThan(Math.max(short, 40) * 14);
  });
});

/** The line, and under it each token with its innermost scope. */
function describeLine(line: string): string {
  const { tokens } = grammar.tokenizeLine(line, textmate.INITIAL);
  const scoped = tokens.flatMap(({ startIndex, endIndex, scopes }) => {
    const scope = scopes.at(-1) ?? SCOPE;
    return scope === SCOPE ? [] : [`    ${line.slice(startIndex, endIndex)}  ·  ${scope.replace('.edk2-log', '')}`];
  });
  return [line, ...scoped].join('\n');
}

/** The best of some attempts: a busy machine spoils single ones. */
function tokenizingMs(line: string): number {
  const attempts = Array.from({ length: 9 }, () => {
    const started = performance.now();
    grammar.tokenizeLine(line, textmate.INITIAL);
    return performance.now() - started;
  });
  return Math.min(...attempts);
}

function repeatTo(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}
