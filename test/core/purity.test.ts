import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/core/index.ts';
import { analyse } from './support/analyse.ts';
import { readLog } from './support/logs.ts';

const bundle = readFileSync(join(import.meta.dirname, '../../dist-test/core.js'), 'utf8');

/** A realm that has ECMAScript and nothing else. */
function createRealm(): object {
  const realm = createContext(Object.create(null) as object);
  // V8 puts these there, which are no part of the language.
  runInContext('delete globalThis.console; delete globalThis.WebAssembly;', realm);
  return realm;
}

function analyseInRealm(realm: object, text: string): Report {
  runInContext(bundle, realm);
  (realm as Record<string, unknown>)['text'] = text;
  const json = runInContext(
    `const analysis = DmaHandoffCore.createAnalysis({ sourceName: 'debug.log', version: '0.0.0' });
     analysis.push(text);
     JSON.stringify(analysis.finish())`,
    realm,
  ) as string;
  return JSON.parse(json) as Report;
}

describe('the core in an empty realm', () => {
  test('finds nothing there but the language', () => {
    const names = runInContext('Object.getOwnPropertyNames(globalThis)', createRealm()) as string[];
    for (const name of [
      'process',
      'require',
      'Buffer',
      'console',
      'setTimeout',
      'TextDecoder',
      'performance',
      'document',
      'self',
      'crypto',
    ])
      expect(names).not.toContain(name);
  });

  test.each(['buggy-nvme-free-never-unmap', 'sevlike-mixed-writers'])(
    'makes the report of %s that it makes here',
    (name) => {
      const text = readLog(name);
      expect(analyseInRealm(createRealm(), text)).toEqual(JSON.parse(JSON.stringify(analyse(text))));
    },
  );

  test('reads damaged records there too, which is the work of Chevrotain', () => {
    const text = 'IoMmuMap: Operation=Read   Host=0x1fb65033 Bytes=0x1\r\nIoMmuMap: Operation=Rea\r\n';
    const report = analyseInRealm(createRealm(), text);
    expect(report).toEqual(JSON.parse(JSON.stringify(analyse(text))));
    expect(report.input.malformedLines).toBe(1);
    expect(report.traces[0]!.summary.calls).toBe(1);
  });

  test('leaves no trace there but its name', () => {
    const realm = createRealm();
    const before = runInContext('Object.getOwnPropertyNames(globalThis)', realm) as string[];
    runInContext(bundle, realm);
    const after = runInContext('Object.getOwnPropertyNames(globalThis)', realm) as string[];
    expect(after.filter((name) => !before.includes(name))).toEqual(['DmaHandoffCore']);
  });

  test('works where the prototypes of the language are frozen', () => {
    const realm = createRealm();
    runInContext(
      'for (const each of [Object, Array, String, Number, RegExp, Map, Set, Function]) { Object.freeze(each); Object.freeze(each.prototype); }',
      realm,
    );
    expect(() => analyseInRealm(realm, readLog('sevlike-ahci'))).not.toThrow();
  });
});
