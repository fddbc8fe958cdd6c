"""Which DMA mappings are live at the end of each boot in a log of OVMF's IoMmuDxe: what one writes without a tool.

    python3 plain.py LOG

The yardstick of the bench: one regular expression a record, tried in turn on every line. `reference.py` is the same with all
records in one expression, which a person who measures arrives at in the end.
"""

import platform
import re
import sys

from reference import Boot

CALLED = re.compile(r"IoMmuMap: Operation=(\w+) Host=0x([0-9A-F]+) Bytes=0x([0-9A-F]+)")
MAPPED = re.compile(r"IoMmuMap: Mapping=0x([0-9A-F]+) Device\(PlainText\)=0x([0-9A-F]+) Crypted=0x([0-9A-F]+) Pages=0x([0-9A-F]+)")
UNMAPPED = re.compile(r"IoMmuUnmap(?:Worker)?: Mapping=0x([0-9A-F]+)")
ASKED = re.compile(r"IoMmuAllocateBuffer: MemoryType=\d+ Pages=0x([0-9A-F]+)")
ALLOCATED = re.compile(r"IoMmuAllocateBuffer: Host=0x([0-9A-F]+)")
FREED = re.compile(r"IoMmuFreeBuffer: Host=0x([0-9A-F]+) Pages=0x([0-9A-F]+)")
EXIT = re.compile(r"\w*(?:ExitBoot|UnmapAllMappings)")
BOOT = re.compile(r"IoMmuInitReservedSharedMem: ")


def analyse(path):
    boot = Boot()
    with open(path, encoding="latin-1") as log:
        for line_number, line in enumerate(log, 1):
            if match := CALLED.match(line):
                operation, host, size = match.groups()
                boot.calls[host] = operation, size
            elif match := MAPPED.match(line):
                handle, device, host, _ = match.groups()
                operation, size = boot.calls.pop(host, (None, None))
                boot.mappings[handle] = line_number, operation, host, device, size
                boot.maps += 1
            elif match := UNMAPPED.match(line):
                boot.mappings.pop(match[1], None)
                boot.unmaps += 1
            elif match := ASKED.match(line):
                boot.pages = match[1]
            elif match := ALLOCATED.match(line):
                boot.buffers[match[1]] = boot.pages
            elif match := FREED.match(line):
                boot.buffers.pop(match[1], None)
            elif EXIT.match(line):
                boot.exit_line = boot.exit_line or line_number
            elif BOOT.match(line):
                if boot.maps or boot.unmaps:
                    boot.report()
                boot = Boot()
    boot.report()


if __name__ == "__main__":
    print(f"Python {platform.python_version()}")
    analyse(sys.argv[1])
