/** What a value is, for showing it. */
export type ValueForm = 'number' | 'address' | 'bytes' | 'seconds' | 'text' | 'yes or no';

export interface ExpressionName {
  readonly form: ValueForm;
  /** For the documentation and completion: a phrase. */
  readonly meaning: string;
}

/** Every name that an expression can use. docs/replay.md lists them for users. */
export const EXPRESSION_NAMES = new Map<string, ExpressionName>(
  Object.entries({
    // The replay's place
    step: { form: 'number', meaning: 'number of the step, through all boots, from 0' },
    line: { form: 'number', meaning: 'line of the log' },
    time: { form: 'seconds', meaning: 'time of the line in seconds, on the log’s own axis' },
    boot: { form: 'number', meaning: 'number of the boot, from 1' },
    phase: { form: 'text', meaning: 'boot-services, exit-inferred, exit-boot-services or handed-off' },
    attempt: { form: 'number', meaning: 'number of the attempt at ExitBootServices, 0 before the first' },
    callback: { form: 'text', meaning: 'the callback of ExitBootServices that printed its name last' },
    translation: { form: 'yes or no', meaning: 'whether the IOMMU translates' },

    // Counters, behind the step, of its boot
    live: { form: 'number', meaning: 'mappings that are live' },
    liveBytes: { form: 'bytes', meaning: 'host memory that they hold' },
    maps: { form: 'number', meaning: 'Map() calls that succeeded so far' },
    unmaps: { form: 'number', meaning: 'Unmap() calls so far, refused ones included' },
    buffers: { form: 'number', meaning: 'buffers that are allocated' },
    allocations: { form: 'number', meaning: 'AllocateBuffer() calls that succeeded so far' },
    frees: { form: 'number', meaning: 'FreeBuffer() calls so far, refused ones included' },
    failures: { form: 'number', meaning: 'Map() calls that failed so far' },
    faults: { form: 'number', meaning: 'accesses that the IOMMU refused so far' },

    // What the step is about
    kind: { form: 'text', meaning: 'what happened, such as mapped, unmapped or exit-callback' },
    event: { form: 'text', meaning: 'the event that a function breakpoint would name' },
    op: { form: 'text', meaning: 'the mapping’s operation' },
    owner: { form: 'text', meaning: 'the mapping’s driver' },
    certain: { form: 'yes or no', meaning: 'whether the log proves the owner' },
    pci: { form: 'text', meaning: 'PCI address of the mapping’s device' },
    handle: { form: 'address', meaning: 'the mapping’s handle' },
    device: { form: 'address', meaning: 'the address that the device uses' },
    host: { form: 'address', meaning: 'the address in host memory, of a mapping, a buffer or a failed call' },
    address: { form: 'address', meaning: 'device where the step has one, else host' },
    bytes: { form: 'bytes', meaning: 'how many were asked for' },
    pages: { form: 'number', meaning: '4 KiB pages that hold them' },
    leaked: { form: 'yes or no', meaning: 'whether the mapping is still there at hand-off' },
    age: { form: 'number', meaning: 'steps since the mapping or the buffer was made' },
  } satisfies Record<string, ExpressionName>),
);
