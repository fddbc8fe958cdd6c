import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HELP } from '../../src/cli/help.ts';
import { createAnalysis } from '../../src/core/analyze.ts';
import type { Dialect } from '../../src/core/dialects/dialect.ts';
import { DIALECTS } from '../../src/core/dialects/registry.ts';
import type { Report } from '../../src/core/model/report.ts';
import { renderTextReport } from '../../src/core/report/text.ts';
import { RULES } from '../../src/core/rules/registry.ts';
import { createTextReader } from '../core/support/read-records.ts';

/** What the documentation says about the sources, held against them. */

/** Folders with nothing in them that people wrote. */
const IGNORED = /^(?:node_modules|dist|dist-test|coverage|shots|fixtures|\.git|\.cache|\.harness.*)$/;

/** Code blocks between fences, which may be indented. */
const FENCES = /^ *(?<fence>`{3,})(?<language>[\w-]*)\n(?<code>[\s\S]*?)^ *\k<fence>$/gm;

const root = join(import.meta.dirname, '../..');
const pages = findPages(root);
const readText = createTextReader(DIALECTS);
const readme = readPage('README.md');
const manifest = JSON.parse(readPage('package.json')) as Manifest;

interface Manifest {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly title: string; readonly category: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
}

describe('links', () => {
  test.each(pages)('of %s lead to what is there', (page) => {
    const text = withoutCode(readPage(page));
    const targets = linkTargets(text);
    expect(text.match(/\]\(/g) ?? [], 'a link that this test cannot read').toHaveLength(targets.length);
    expect(targets.filter((target) => !isResolved(page, target))).toEqual([]);
  });
});

describe('commands that the pages name', () => {
  test.each(pages)('are in package.json: %s', (page) => {
    const named = [...readPage(page).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });
});

describe.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))('the page of %s', (id, dialect) => {
  const path = `docs/dialects/${id}.md`;
  const page = existsSync(join(root, path)) ? readPage(path) : '';

  test('begins with id and title', () => {
    expect(page.split('\n')[0]).toBe(`# ${id}: ${dialect.title}`);
  });

  test('names every anchor', () => {
    const named = new Set([...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text));
    expect(dialect.anchors.filter((anchor) => !named.has(anchor))).toEqual([]);
  });

  test('names every file of its producers', () => {
    expect(producerFiles(dialect).filter((file) => !page.includes(file))).toEqual([]);
  });

  test('shows sample lines, each of which is read', () => {
    const samples = codeBlocks(page, 'edk2-log');
    expect(samples).not.toEqual([]);
    for (const line of samples.flatMap((sample) => sample.trimEnd().split('\n'))) {
      const [record, ...more] = readText(`${line}\r\n`);
      expect(more, line).toEqual([]);
      const isSilent = dialect.samples.some((sample) => sample.line === line && sample.expect === null);
      expect(record, line).toMatchObject(isSilent ? { kind: 'nothing' } : { kind: 'event', dialect: id });
    }
  });

  test('is in the tables', () => {
    expect(rowsOf('README.md')).toContain(`[${id}](docs/dialects/${id}.md): ${dialect.title}`);
    expect(rowsOf('docs/dialects/README.md', 2)).toContain(`[${id}](${id}.md) | ${dialect.title}`);
  });
});

describe('README.md', () => {
  test('names the two commands for a fresh clone', () => {
    expect(codeBlocks(readme, 'sh')[0]).toBe('npm ci && npm run demo\nnpm ci && npm test\n');
  });

  test('has every rule in its table, as the rule says of itself', () => {
    const rows = readme.split('\n').filter((line) => line.includes('](docs/rules/') && line.startsWith('| ['));
    expect(rows).toEqual(
      RULES.map(
        ({ meta: { id, summary, severity } }) =>
          `| [${id}](docs/rules/${id}.md) | ${summary} | ${severity.deny} | ${severity.permit} |`,
      ),
    );
  });

  test.each(manifest.contributes.commands.map(({ category, title }) => `${category}: ${title}`))(
    'describes the command “%s”',
    (command) => {
      expect(rowsOf('README.md')).toContain(`**${command}**`);
    },
  );

  test.each(Object.entries(manifest.contributes.configuration.properties))(
    'describes the setting %s',
    (name, setting) => {
      expect(rowsOf('README.md', 2)).toContain(`\`${name}\` | \`${JSON.stringify(setting.default)}\``);
    },
  );

  test('quotes the help of the command line', () => {
    expect(codeBlocks(readme, 'text')).toContain(HELP);
  });

  test('quotes what the command line prints', () => {
    const [shown = ''] = codeBlocks(readme, 'console');
    const [, path = '', output = ''] = /^\$ dma-handoff check (\S+)\n(.*\n) {2}…\n$/s.exec(shown) ?? [];
    const report = analyse(readFileSync(join(root, path), 'latin1'), path);
    expect(renderTextReport(report, { color: false }).slice(0, output.length)).toBe(output);
  });
});

describe('docs/capture.md', () => {
  test.each(['README.md', 'docs/capture.md'])('and the advice of the report name the same build flag: %s', (page) => {
    const [note = ''] = analyse('SecCoreStartupWithStack(0xFFFCC000, 0x820000)\r\n').input.notes;
    const flag = /--pcd [\w.]+=0x[\dA-F]+/.exec(note)?.[0] ?? note;
    expect(
      codeBlocks(readPage(page), 'sh').some((block) => block.includes(`${flag}\n`)),
      flag,
    ).toBe(true);
  });
});

describe('CHANGELOG.md', () => {
  test('begins with the version of package.json', () => {
    expect(/^## (\S+)/m.exec(readPage('CHANGELOG.md'))?.[1]).toBe(manifest.version);
  });
});

/** Paths of all Markdown files that people wrote, from the root, with slashes. */
function findPages(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return IGNORED.test(entry.name) ? [] : findPages(path);
      return entry.name.endsWith('.md') ? [relative(root, path).replaceAll('\\', '/')] : [];
    })
    .sort();
}

function readPage(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The first cells of all rows of all tables of a page. */
function rowsOf(path: string, cells = 1): string[] {
  const lines = readPage(path)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return lines.map((line) => line.slice(2).split(' | ').slice(0, cells).join(' | '));
}

/** The text without code, in which nothing is a link. */
function withoutCode(page: string): string {
  return page.replaceAll(FENCES, '\n').replaceAll(/`[^`\n]+`/g, '``');
}

/** What stands in the code blocks of one language, each with a line break at its end. */
function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(FENCES)].flatMap(({ groups }) =>
    groups?.['language'] === language ? [groups['code'] ?? ''] : [],
  );
}

function linkTargets(text: string): string[] {
  return [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? '');
}

function isResolved(page: string, target: string): boolean {
  if (target.startsWith('https://')) return true;
  const [path = '', anchor] = target.split('#', 2);
  const file = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || headingAnchors(readPage(file)).includes(anchor);
}

/** The anchors that GitHub and VS Code give to headings. */
function headingAnchors(page: string): string[] {
  const used = new Map<string, number>();
  return [...page.replaceAll(FENCES, '\n').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const count = used.get(slug) ?? 0;
    used.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** Paths and C files that a dialect's producers name. */
function producerFiles({ producer }: Dialect): string[] {
  return producer.flatMap((text) => text.match(/[\w*-]+(?:\/[\w*.-]+)*\/[\w*-]+(?:\.c)?|\b\w+\.c\b/g) ?? []);
}

function analyse(text: string, sourceName = 'debug.log'): Report {
  const analysis = createAnalysis({ sourceName, version: '0.0.0' });
  analysis.push(text);
  return analysis.finish();
}
