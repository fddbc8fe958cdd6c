import fc from 'fast-check';
import { OPERATIONS } from '../../../src/core/model/operation.ts';
import type { FieldKind, FieldValue, RecordDefinition, SetKind } from '../../../src/core/syntax/record-template.ts';
import { parseTemplate } from '../../../src/core/syntax/record-template.ts';

/** Values that a record's fields can have. */
export function fieldsOf(record: RecordDefinition): fc.Arbitrary<Readonly<Record<string, FieldValue | null>>> {
  const { required, optional } = parseTemplate(record.template);
  const fields = [...required, ...optional].flatMap((part) =>
    part.kind === 'field'
      ? [[part.name, valueOf(part.type)] as const]
      : part.kind === 'set'
        ? part.fields.map(
            ({ name, type, optional }) => [name, optional ? fc.option(valueOf(type)) : valueOf(type)] as const,
          )
        : [],
  );
  return fc.record(Object.fromEntries(fields));
}

function valueOf(kind: FieldKind | SetKind): fc.Arbitrary<FieldValue | null> {
  switch (kind) {
    case 'address':
    case 'hex':
      return fc.oneof(fc.constantFrom(0, 0xffffffff, 0xffffffffffffffffn), fc.nat());
    case 'dec':
      return fc.nat(9);
    case 'word':
      return fc.oneof(
        fc.constantFrom('IoMmuExitBoot', 'IoMmuUnmapAllMappings', 'VirtioBlkExitBoot', 'I0'),
        fc.stringMatching(/^[A-Za-z]\w{0,9}$/),
      );
    case 'operation':
      return fc.constantFrom(...OPERATIONS, null);
    case 'token':
      return fc.oneof(
        fc.constantFrom(
          'PciIo',
          'IoMmu',
          'XhciDxe+0x220f',
          '0000:00:1f.2',
          'rb0',
          '?',
          'Success',
          '0x8000000000000007',
        ),
        fc.stringMatching(/^[!-~]{1,20}$/),
      );
    case 'text':
      return fc.oneof(fc.constantFrom('XhciSched.c(505): here', 'Success.'), fc.stringMatching(/^[!-~]{1,20}$/));
  }
}
