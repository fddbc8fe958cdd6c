import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What the tests use of JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

export const REPORT_SCHEMA = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../schema/report.schema.json'), 'utf8'),
) as Schema;

/** Strict: a keyword that Ajv does not know or cannot mean what it says fails the test. */
export function compileReportSchema(): ValidateFunction {
  return new Ajv2020({
    strict: true,
    strictTypes: 'log',
    allowUnionTypes: true,
    logger: false,
    allErrors: true,
  }).compile(REPORT_SCHEMA);
}
