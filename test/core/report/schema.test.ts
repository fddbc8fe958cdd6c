import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { Phase, Platform, RemovedBy, Report } from '../../../src/core/index.ts';
import { renderJsonReport, SEVERITIES } from '../../../src/core/index.ts';
import { OPERATIONS } from '../../../src/core/model/operation.ts';
import { analyse } from '../support/analyse.ts';
import { excerpt, readLog, reportOfLog } from '../support/logs.ts';
import type { Schema } from '../support/report-schema.ts';
import { compileReportSchema, REPORT_SCHEMA } from '../support/report-schema.ts';

const validate = compileReportSchema();
const declared = declaredPaths();

describe('the schema', () => {
  test('names the same properties as the types, and null where the types do', () => {
    expect([...schemaPaths(REPORT_SCHEMA, '')].sort()).toEqual([...declared].sort());
    expect(declared.size).toBeGreaterThan(70);
  });

  test('requires every property, and allows others: fields are only ever added', () => {
    for (const schema of allSchemas(REPORT_SCHEMA)) {
      expect(schema.additionalProperties).toBeUndefined();
      if (schema.properties) expect(schema.required).toEqual(Object.keys(schema.properties));
    }
  });

  test('lists the values that the types do', () => {
    expect(valuesAt('traces[].findings[].severity')).toEqual([...SEVERITIES]);
    expect(valuesAt('traces[].mappings[].operation')).toEqual([...OPERATIONS, null]);
    expect(valuesAt('traces[].failedMaps[].operation')).toEqual([...OPERATIONS, null]);
    const platforms: Record<Platform, true> = { deny: true, permit: true, unknown: true };
    const phases: Record<Phase, true> = { boot: true, 'exit-callback': true };
    const removers: Record<RemovedBy, true> = { ...phases, 'iommu-cleanup': true };
    expect(valuesAt('traces[].platform')).toEqual(Object.keys(platforms));
    expect(valuesAt('traces[].buffers[].freedIn')).toEqual([...Object.keys(phases), null]);
    expect(valuesAt('traces[].mappings[].unmappedBy')).toEqual([...Object.keys(removers), null]);
  });
});

describe('a report', () => {
  // test/golden holds many more to the schema.
  test.each(['sevlike-serial-console', 'stock-ahci'])('of %s is valid, as it is printed', (name) => {
    expectValid(JSON.parse([...renderJsonReport(reportOfLog(name))].join('')) as object);
  });

  test.each([
    ['nothing', ''],
    ['one unterminated line', 'x'],
    ['addresses and sizes past 2^53', hugeMapping()],
  ])('of %s is valid', (_, text) => {
    expectValid(analyse(text));
  });

  test('with a field that is not known yet is valid', () => {
    const report = analyse(hugeMapping());
    expectValid({ ...report, later: 1, traces: report.traces.map((trace) => ({ ...trace, later: { deep: true } })) });
  });

  test('without one of its fields is not', () => {
    const report = JSON.parse(JSON.stringify(analyse(excerpt(readLog('buggy-xhci-free-in-ebs'), 3)))) as Record<
      string,
      unknown
    >;
    for (const path of declared) {
      const damaged = structuredClone(report);
      // Nothing can be taken out of what is null or empty in this report.
      if (takeOut(damaged, path.replaceAll('?', '').split('.')))
        expect(validate(damaged), `without ${path}`).toBe(false);
    }
  });
});

function expectValid(report: object): void {
  validate(report);
  expect(validate.errors ?? []).toEqual([]);
}

function hugeMapping(): string {
  return [
    'SecCoreStartupWithStack(0xFFFCC000, 0x820000)',
    'IoMmuMap: Operation=CommonBuffer64 Host=0xFFFFFFFFFFFFF000 Bytes=0xFFFFFFFFFFFFFFFF',
    'IoMmuMap: Mapping=0xFFFFFFFFFFFFFFFF Device(PlainText)=0xFFFFFFFFFFFFF000 Crypted=0xFFFFFFFFFFFFF000 Pages=0x10000000000000',
    'IoMmuAllocateBuffer Address 0xFFFFFFFFFFFFF000 Pages 0xFFFFFFFFFFFFFFFF',
    'IoMmuMap: Operation=Invalid Host=0xFFFFFFFFFFFFFFFF Bytes=0xFFFFFFFFFFFFFFFF',
    'VirtioBlkExitBoot: Context=0xFFFFFFFFFFFFFFFF',
    'IoMmuExitBoot',
    '',
  ].join('\r\n');
}

/** Takes the property at the path out of the first object that has it. Returns whether there was one. */
function takeOut(value: unknown, path: readonly string[]): boolean {
  const [name = '', ...rest] = path;
  const key = name.replace('[]', '');
  if (typeof value !== 'object' || value === null || !(key in value)) return false;
  const owner = value as Record<string, unknown>;
  if (rest.length === 0) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the schema must miss it
    delete owner[key];
    return true;
  }
  const inner = owner[key];
  return Array.isArray(inner) ? inner.some((each) => takeOut(each, rest)) : takeOut(inner, rest);
}

/** Paths such as `traces[].handoff?.line`, with `?` behind what may be null. */
function* schemaPaths(schema: Schema, path: string): Generator<string> {
  const { alternatives } = resolve(schema);
  for (const alternative of alternatives) {
    if (alternative.items) yield* schemaPaths(alternative.items, path);
    for (const [name, property] of Object.entries(alternative.properties ?? {})) {
      const { alternatives: inner, nullable } = resolve(property);
      const isList = inner.some(({ items }) => items !== undefined);
      const own = `${path === '' ? '' : `${path}.`}${name}${isList ? '[]' : ''}${nullable ? '?' : ''}`;
      yield own;
      yield* schemaPaths(property, own);
    }
  }
}

function resolve(schema: Schema): { readonly alternatives: Schema[]; readonly nullable: boolean } {
  if (schema.$ref !== undefined) return resolve(REPORT_SCHEMA.$defs![schema.$ref.replace('#/$defs/', '')]!);
  if (schema.anyOf) {
    const all = schema.anyOf.map(resolve);
    return {
      alternatives: all.flatMap(({ alternatives }) => alternatives),
      nullable: all.some(({ nullable }) => nullable),
    };
  }
  const nullable =
    schema.type === 'null' || schema.type?.includes('null') === true || schema.enum?.includes(null) === true;
  return { alternatives: [schema], nullable };
}

function* allSchemas(schema: Schema): Generator<Schema> {
  yield schema;
  const inner = [
    ...Object.values(schema.$defs ?? {}),
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.items ? [schema.items] : []),
  ];
  for (const each of inner) yield* allSchemas(each);
}

function valuesAt(path: string): readonly unknown[] {
  let schemas = [REPORT_SCHEMA];
  for (const name of path.split('.')) {
    schemas = schemas
      .flatMap((schema) => resolve(schema).alternatives)
      .flatMap(({ properties }) => properties?.[name.replace('[]', '')] ?? []);
    if (name.endsWith('[]'))
      schemas = schemas.flatMap((schema) => resolve(schema).alternatives).flatMap(({ items }) => items ?? []);
  }
  return schemas.flatMap((schema) => resolve(schema).alternatives).flatMap((schema) => schema.enum ?? []);
}

/** The same paths, from the source of the types. */
function declaredPaths(): Set<string> {
  const path = join(import.meta.dirname, '../../../src/core/model/report.ts');
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const interfaces = new Map(
    file.statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each.members]),
  );
  const paths = new Set<string>();

  function addMembers(members: ts.NodeArray<ts.TypeElement>, prefix: string): void {
    for (const member of members) {
      if (!ts.isPropertySignature(member) || !ts.isIdentifier(member.name) || !member.type)
        throw new Error(`${prefix}: what is this?`);
      addType(member.type, `${prefix === '' ? '' : `${prefix}.`}${member.name.text}`);
    }
  }

  function addType(type: ts.TypeNode, name: string): void {
    const { kinds, nullable } = kindsOf(type);
    const lists = kinds.filter(ts.isArrayTypeNode);
    const own = `${name}${lists.length > 0 ? '[]' : ''}${nullable ? '?' : ''}`;
    paths.add(own);
    for (const kind of [...kinds, ...lists.flatMap((list) => kindsOf(list.elementType).kinds)]) {
      if (ts.isTypeLiteralNode(kind)) addMembers(kind.members, own);
      const members =
        ts.isTypeReferenceNode(kind) && ts.isIdentifier(kind.typeName) ? interfaces.get(kind.typeName.text) : undefined;
      if (members) addMembers(members, own);
    }
  }

  addMembers(interfaces.get('Report' satisfies keyof { Report: Report })!, '');
  return paths;
}

function kindsOf(type: ts.TypeNode): { readonly kinds: ts.TypeNode[]; readonly nullable: boolean } {
  if (ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type)) return kindsOf(type.type);
  if (!ts.isUnionTypeNode(type)) return { kinds: [type], nullable: isNull(type) };
  const all = type.types.map(kindsOf);
  return {
    kinds: all.flatMap(({ kinds }) => kinds).filter((kind) => !isNull(kind)),
    nullable: all.some(({ nullable }) => nullable),
  };
}

function isNull(type: ts.TypeNode): boolean {
  return ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword;
}
