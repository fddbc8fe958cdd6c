import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { COMMANDS, DEBUG_TYPE, DOCS_SCHEME, LANGUAGE_ID, TASK_TYPE } from '../../src/extension/ids.ts';
import { parseDefinition } from '../../src/extension/capture/definition.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string; readonly icon: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly languages: readonly { readonly id: string; readonly firstLine: string; readonly configuration: string }[];
    readonly grammars: readonly { readonly language: string; readonly path: string; readonly scopeName: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, object>> };
    readonly configurationDefaults: Readonly<Record<string, object>>;
    readonly taskDefinitions: readonly {
      readonly type: string;
      readonly required: readonly string[];
      readonly properties: Readonly<Record<string, { readonly description: string }>>;
    }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly breakpoints: readonly { readonly language: string }[];
    readonly debuggers: readonly {
      readonly type: string;
      readonly languages: readonly string[];
      readonly initialConfigurations: readonly object[];
      readonly configurationAttributes: {
        readonly launch: { readonly properties: Readonly<Record<string, { readonly markdownDescription?: string }>> };
      };
    }[];
  };
}

let manifest: Manifest;

beforeAll(async () => {
  manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;
});

describe('package.json', () => {
  test('contributes every command but the one behind links', () => {
    const contributed = manifest.contributes.commands.map(({ command }) => command).sort();
    const offered = Object.values(COMMANDS).filter((command) => command !== COMMANDS.showLine);
    expect(contributed).toEqual(offered.sort());
  });

  test('gives every command the same category, and an icon', () => {
    for (const { category, icon } of manifest.contributes.commands) {
      expect(category).toBe('DMA Handoff');
      expect(icon).toMatch(/^\$\([a-z-]+\)$/);
    }
  });

  test('has no menu entry for a command that does not exist', () => {
    const known = new Set(manifest.contributes.commands.map(({ command }) => command));
    const used = Object.values(manifest.contributes.menus).flatMap((menu) => menu.map(({ command }) => command));
    expect(used.filter((command) => !known.has(command))).toEqual([]);
  });

  test('names files that exist', async () => {
    const [language] = manifest.contributes.languages;
    const [grammar] = manifest.contributes.grammars;
    for (const path of [language!.configuration, grammar!.path]) {
      const file = JSON.parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')) as object;
      if (path === grammar!.path) expect(file).toHaveProperty('scopeName', grammar!.scopeName);
    }
    expect(grammar!.language).toBe(LANGUAGE_ID);
  });

  test.each([
    ['SecCoreStartupWithStack(0xFFFCC000, 0x820000)', true],
    ['UEFI firmware (version edk2-stable202411 built at 12:00:00 on Nov 22 2024)', true],
    ['DMATRACE v1 #1 t=2317 ph=boot Hello version=1.0 ;', true],
    ['2026-01-05 10:00:00 INFO UEFI firmware (version 1) found', false],
    ['[    0.000000] Linux version 6.1.0', false],
  ])('takes %j as the first line of a firmware log: %s', (line, expected) => {
    const [language] = manifest.contributes.languages;
    expect(language!.id).toBe(LANGUAGE_ID);
    expect(new RegExp(language!.firstLine).test(line)).toBe(expected);
  });

  test('gives the pages of rules to the Markdown preview', () => {
    expect(manifest.contributes.configurationDefaults['workbench.editorAssociations']).toEqual({
      [`${DOCS_SCHEME}:/**/*.md`]: 'vscode.markdown.preview.editor',
    });
  });

  test('wakes the extension for logs and plain text only', () => {
    expect(manifest.activationEvents).toEqual(
      expect.arrayContaining(['onLanguage:edk2-log', 'onLanguage:log', 'onLanguage:plaintext']),
    );
  });

  test('contributes the debugger that replays logs, and says what its settings mean', () => {
    const { debuggers, breakpoints } = manifest.contributes;
    expect(debuggers).toHaveLength(1);
    expect(debuggers[0]).toMatchObject({
      type: DEBUG_TYPE,
      languages: [LANGUAGE_ID],
      initialConfigurations: [{ type: DEBUG_TYPE, request: 'launch', program: '${file}' }],
    });
    const { properties } = debuggers[0]!.configurationAttributes.launch;
    expect(Object.keys(properties)).toEqual(['program', 'stopOnEntry', 'boot', 'startAt']);
    for (const { markdownDescription } of Object.values(properties)) expect(markdownDescription).toMatch(/\.$/);
    expect(breakpoints.map(({ language }) => language)).toContain(LANGUAGE_ID);
    expect(manifest.activationEvents).toContain(`onDebugResolve:${DEBUG_TYPE}`);
  });

  test('describes the task that captures, and knows what the extension reads of it', () => {
    const [definition] = manifest.contributes.taskDefinitions;
    expect(definition).toMatchObject({ type: TASK_TYPE, required: ['command'] });
    const every = { command: ['x'], log: 'l', trace: 't', rebind: true, tracer: false, keepRunning: true };
    const task = { type: TASK_TYPE, ...every, timeout: 1, linger: 2, cwd: 'c' };
    const parsed = parseDefinition(task, 'posix');
    expect(parsed.ok && Object.keys(parsed.definition)).toEqual(Object.keys(definition!.properties));
    for (const { description } of Object.values(definition!.properties)) expect(description).toMatch(/\.$/);
    expect(manifest.activationEvents).toContain(`onTaskType:${TASK_TYPE}`);
  });

  test('offers no capture where VS Code cannot start one', () => {
    const menu = manifest.contributes.menus['commandPalette'] ?? [];
    expect(menu.find(({ command }) => command === COMMANDS.captureWithQemu)?.when).toBe(
      '(!isWeb || remoteName) && isWorkspaceTrusted && !virtualWorkspace',
    );
  });
});

describe('the walkthrough', () => {
  const steps = (): Manifest['contributes']['walkthroughs'][number]['steps'] =>
    manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);

  test('leads from a log to a capture', () => {
    expect(steps().map(({ id }) => id)).toEqual(['open', 'problems', 'timeline', 'replay', 'capture']);
  });

  test('has buttons for commands that exist, and ends its steps by them', () => {
    const own = new Set<string>(Object.values(COMMANDS));
    const used = steps().flatMap(({ description, completionEvents }) => [
      ...[...description.matchAll(/\]\(command:([\w.]+)\)/g)].map(([, id]) => id ?? ''),
      ...completionEvents.map((event) => /^onCommand:(.+)$/.exec(event)?.[1] ?? ''),
    ]);
    expect(used.filter((id) => id.startsWith('dmaHandoff.') && !own.has(id))).toEqual([]);
    expect(steps().every(({ description }) => description.includes('](command:dmaHandoff.'))).toBe(true);
  });

  test('has pictures in the colours of the theme, and words for who does not see them', async () => {
    for (const { media } of steps()) {
      const svg = await readFile(new URL(`../../${media.svg}`, import.meta.url), 'utf8');
      expect(media.altText).toMatch(/\.$/);
      expect(svg).toContain('<title>');
      // A fixed colour vanishes in some theme; a style is what the page's policy forbids.
      expect(svg).not.toMatch(/#[0-9a-f]{3}|rgb\(|<style|style=|<script|href=|<image/i);
      const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour ?? '');
      expect(colours.filter((colour) => colour !== 'none' && !colour.startsWith('var(--vscode-'))).toEqual([]);
    }
  });
});
