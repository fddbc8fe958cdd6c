import { describeMapping, describeOwner } from '../model/describe.ts';
import type { Operation } from '../model/operation.ts';
import { defineRule, lifeOf } from './rule.ts';

/** Harm: an IOMMU that keeps to the attribute refuses the device's accesses; one with more access than needed protects less. */
export const attributeMismatch = defineRule({
  meta: {
    id: 'attribute-mismatch',
    summary: 'SetAttribute() gives a mapping another access than its operation needs',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.2.0',
  },
  messages: {
    missing:
      '{mapping}{owner} is given {given}, but a {operation} needs {needed}: an IOMMU that enforces it refuses the device’s accesses.',
    excess: '{mapping}{owner} is given {given}, but a {operation} needs only {needed}.',
  },
  create: ({ report }) => ({
    onFact: {
      'attribute-set'({ mapping, access, lineIndex }) {
        if (mapping.operation === null) return;
        const needed = neededAccess(mapping.operation);
        if (access === needed) return;
        report({
          message: (access & needed) === needed ? 'excess' : 'missing',
          data: {
            mapping: describeMapping(mapping),
            owner: describeOwner(mapping),
            operation: mapping.operation,
            given: accessName(access),
            needed: accessName(needed),
          },
          lineIndex,
          mapping,
          related: lifeOf(mapping),
        });
      },
    },
  }),
});

const READ = 1;
const WRITE = 2;

/** PciBusDxe's PciIoMap() asks for just this: MdeModulePkg/Bus/Pci/PciBusDxe/PciIo.c. */
function neededAccess(operation: Operation): number {
  switch (operation) {
    case 'Read':
    case 'Read64':
      return READ;
    case 'Write':
    case 'Write64':
      return WRITE;
    default:
      return READ | WRITE;
  }
}

/** EDKII_IOMMU_ACCESS_READ and _WRITE: MdeModulePkg/Include/Protocol/IoMmu.h. */
function accessName(access: number): string {
  switch (access) {
    case READ:
      return 'read access';
    case WRITE:
      return 'write access';
    case READ | WRITE:
      return 'read and write access';
    default:
      return `access ${access}`;
  }
}
