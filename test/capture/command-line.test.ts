import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCommandLine } from '../../src/capture/format-command-line.ts';
import { splitCommandLine, type QuotingStyle } from '../../src/capture/split-command-line.ts';

function words(text: string, style: QuotingStyle = 'posix'): readonly string[] {
  const split = splitCommandLine(text, style);
  if (!split.ok) throw new Error(split.message);
  return split.words;
}

function wordsOrNone(text: string): readonly string[] {
  const split = splitCommandLine(text);
  return split.ok ? split.words : [];
}

function refusal(text: string, style: QuotingStyle = 'posix'): string {
  const split = splitCommandLine(text, style);
  if (split.ok) throw new Error(`It was split into ${JSON.stringify(split.words)}.`);
  return split.message;
}

/** What `sh` makes of each of several texts that stand behind a command. None holds U+0001. */
function wordsOfShell(texts: readonly string[]): readonly (readonly string[])[] {
  const script = texts.map((text) => `printf '%s\\0' ${text}\nprintf '\\001'`).join('\n');
  const { stdout, status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split('\u0001')
    .slice(0, -1)
    .map((words) => words.split('\0').slice(0, -1));
}

/** Words that a process can be given: they hold no NUL. Some are made of what shells and QEMU treat in their own ways. */
const WORD = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('\'"\\$`|&;<>(){}[]*?~#!=,:. \t\n\r%^-+/aZ9_é€')), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((word) => !/[\0\u0001]/.test(word)),
);
const WORDS = fc.array(WORD, { minLength: 1, maxLength: 6 });

describe('a command line', () => {
  test.each([
    ['', []],
    ['  \t\n ', []],
    ['qemu-system-x86_64  -m\t512 ', ['qemu-system-x86_64', '-m', '512']],
    [`-append 'a  b' "c d" e\\ f`, ['-append', 'a  b', 'c d', 'e f']],
    [`''`, ['']],
    [`-append ""`, ['-append', '']],
    [`file='a b',if="none"`, ['file=a b,if=none']],
    [`'it'\\''s'`, [`it's`]],
    [`"a \\"b\\" \\$HOME \\\`c\\\` \\\\ \\n"`, ['a "b" $HOME `c` \\ \\n']],
    [`'a\\b $HOME "c"'`, [`a\\b $HOME "c"`]],
    ['a\\\\b', ['a\\b']],
    ['cost\\$5 5$ $', ['cost$5', '5$', '$']],
    ['-device ?', ['-device', '?']],
    ["'~/a' file=~/a a~ \\~", ['~/a', 'file=~/a', 'a~', '~']],
    ['{"driver":1}', ['{driver:1}']],
    ['-device=a,b=c -- -x', ['-device=a,b=c', '--', '-x']],
  ])('%j is the words %j', (text, expected) => expect(words(text)).toEqual(expected));

  test('goes on behind a backslash at the end of a line', () => {
    expect(words('qemu \\\n  -m 512 \\\r\n  -nographic\n')).toEqual(['qemu', '-m', '512', '-nographic']);
    expect(words('-drive file=a,\\\nif=none'), 'within a word').toEqual(['-drive', 'file=a,if=none']);
    expect(words('"a\\\nb" \'c\\\nd\''), 'within quotes').toEqual(['ab', 'c\\\nd']);
  });

  test.each([
    [`'a`, /quote \('\) has no end/],
    [`a "b`, /quote \("\) has no end/],
    [`"a\\"`, /quote \("\) has no end/],
    ['a \\', /ends with a backslash/],
    ['-drive file=$DISK', /Variables/],
    ['"${DISK}"', /Variables/],
    ['$(nproc)', /Variables/],
    ['`nproc`', /Variables/],
    ['"`nproc`"', /Variables/],
    ['-name vm$$', /Variables/],
    ['-drive ~/disk.img', /~ is for a shell/],
    ['-append "$@"', /Variables/],
    ['qemu | tee log', /“\|” is for a shell/],
    ['qemu > log', /“>” is for a shell/],
    ['qemu < /dev/null', /“<” is for a shell/],
    ['qemu &', /“&” is for a shell/],
    ['cd x; qemu', /“;” is for a shell/],
    ['(qemu)', /“\(” is for a shell/],
  ])('%j is refused: %s', (text, message) => expect(refusal(text)).toMatch(message));

  test('is split as a shell does, whatever stands in it', () => {
    const text = fc
      .string({ unit: fc.constantFrom(...Array.from('\'"\\ \t\nab=,-%~$')), maxLength: 14 })
      // A line break that no backslash joins begins another command. Nobody breaks a line within the name of a variable. Without
      // a word, printf prints an empty one.
      .filter((each) => !/(?<!\\)(?:\\\\)*\n|\$\\\n/.test(each) && wordsOrNone(each).length > 0);
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
        expect(texts.map((each) => words(each))).toEqual(wordsOfShell(texts));
      }),
      { numRuns: 20 },
    );
  });

  test('never is an exception, and what is refused is explained in a sentence', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom<QuotingStyle>('posix', 'windows'),
        (text, style) => {
          const split = splitCommandLine(text, style);
          if (split.ok) expect(split.words.join('').length).toBeLessThanOrEqual(text.length);
          else expect(split.message).toMatch(/^[A-Z].*\.$/su);
        },
      ),
    );
  });

  test('of a hundred thousand characters is soon split, whatever it is made of', () => {
    for (const piece of ['a ', '"', "'", '\\', '\\"', '"\\"', '"a" ', '$', 'a\\\n']) {
      const begin = performance.now();
      splitCommandLine(piece.repeat(100_000 / piece.length));
      expect(performance.now() - begin, JSON.stringify(piece)).toBeLessThan(5000);
    }
  });
});

describe('a command line of Windows', () => {
  test.each([
    [
      '"C:\\Program Files\\qemu\\qemu-system-x86_64.exe" -m 512',
      ['C:\\Program Files\\qemu\\qemu-system-x86_64.exe', '-m', '512'],
    ],
    ['qemu.exe -drive file=C:\\vm\\disk.img,if=none', ['qemu.exe', '-drive', 'file=C:\\vm\\disk.img,if=none']],
    ['-append "a \\"b\\" c"', ['-append', 'a "b" c']],
    ['a ^\r\n b', ['a', 'b']],
    [`-name 'x y'`, ['-name', `'x`, `y'`]],
    ['""', ['']],
  ])('%j is the words %j', (text, expected) => expect(words(text, 'windows')).toEqual(expected));

  test.each(['a | b', 'a > b', 'a & b', '"a'])('%j is refused', (text) =>
    expect(refusal(text, 'windows')).not.toBe(''),
  );
});

describe('words on one line', () => {
  test('are left as they are where they are plain, and quoted where they are not', () => {
    expect(formatCommandLine(['qemu-system-x86_64', '-m', '1G', '-drive', 'file=a b,if=none', ''])).toBe(
      `qemu-system-x86_64 -m 1G -drive 'file=a b,if=none' ''`,
    );
    expect(formatCommandLine([`it's`])).toBe(`'it'\\''s'`);
    expect(formatCommandLine(['A=b', 'A=b']), 'the first would be an assignment').toBe(`'A=b' A=b`);
    expect(formatCommandLine(['~/a', '-append', '#x'])).toBe(`'~/a' -append '#x'`);
  });

  test('are split into the same words again', () => {
    fc.assert(
      fc.property(WORDS, (given) => {
        expect(words(formatCommandLine(given))).toEqual(given);
      }),
    );
  });

  test('are the same words for a shell', () => {
    fc.assert(
      fc.property(fc.array(WORDS, { maxLength: 20 }), (lines) => {
        expect(wordsOfShell(lines.map(formatCommandLine))).toEqual(lines);
      }),
      { numRuns: 20 },
    );
  });
});
