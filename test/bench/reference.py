"""Which DMA mappings are live at the end of each boot in a log of OVMF's IoMmuDxe: what one writes without a tool.

    python3 reference.py LOG

The yardstick of the bench, so it is meant to be quick. All records begin with the same word, and one expression that shares it
is the fastest of those that were measured: `re` looks for the literal before it tries to match anything. An expression a
record tried in turn, or an alternation of whole records, takes twice to fifty times as long.
"""

import platform
import re
import sys

RECORD = re.compile(
    r"IoMmu(?:"
    r"(?P<called>Map: Operation=(\w+) Host=(\w+) Bytes=(\w+))"
    r"|(?P<mapped>Map: Mapping=(\w+) Device\(PlainText\)=(\w+) Crypted=(\w+) Pages=\w+)"
    r"|(?P<unmapped>Unmap(?:Worker)?: Mapping=(\w+))"
    r"|(?P<asked>AllocateBuffer: MemoryType=\w+ Pages=(\w+))"
    r"|(?P<allocated>AllocateBuffer: Host=(\w+))"
    r"|(?P<freed>FreeBuffer: Host=(\w+) Pages=\w+)"
    r"|(?P<exit>ExitBoot|UnmapAllMappings)"
    r"|(?P<boot>InitReservedSharedMem: )"
    r")"
)


class Boot:
    def __init__(self):
        self.calls = {}  # Map() calls without a result yet, by host address
        self.mappings = {}  # live mappings, by handle
        self.pages = None  # of the last AllocateBuffer() call
        self.buffers = {}  # pages of the live buffers, by host address
        self.maps = self.unmaps = 0
        self.exit_line = None

    def report(self):
        print(
            f"boot: {self.maps} maps, {self.unmaps} unmaps, {len(self.mappings)} mappings and {len(self.buffers)} buffers"
            f" live at the end, ExitBootServices at line {self.exit_line}"
        )
        for handle, (line_number, operation, host, device, size) in self.mappings.items():
            print(f"live {line_number} {handle} {operation} {host} {device} {size}")


def analyse(path):
    boot = Boot()
    search = RECORD.search
    with open(path, encoding="latin-1") as log:
        for line_number, line in enumerate(log, 1):
            match = search(line)
            if match is None:
                continue
            kind = match.lastgroup
            if kind == "called":
                operation, host, size = match.group(2, 3, 4)
                boot.calls[host] = operation, size
            elif kind == "mapped":
                handle, device, host = match.group(6, 7, 8)
                operation, size = boot.calls.pop(host, (None, None))
                boot.mappings[handle] = line_number, operation, host, device, size
                boot.maps += 1
            elif kind == "unmapped":
                boot.mappings.pop(match[10], None)
                boot.unmaps += 1
            elif kind == "asked":
                boot.pages = match[12]
            elif kind == "allocated":
                boot.buffers[match[14]] = boot.pages
            elif kind == "freed":
                boot.buffers.pop(match[16], None)
            elif kind == "exit":
                boot.exit_line = boot.exit_line or line_number
            else:  # IoMmuDxe starts before anyone can map.
                if boot.maps or boot.unmaps:
                    boot.report()
                boot = Boot()
    boot.report()


if __name__ == "__main__":
    print(f"python {platform.python_version()}")
    analyse(sys.argv[1])
