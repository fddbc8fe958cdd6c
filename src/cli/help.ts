export const HELP = `Finds the DMA mappings that UEFI firmware leaves behind when the operating system takes over.

Usage:
  dma-handoff check LOG…          analyse edk2/OVMF debug logs
  dma-handoff capture -- QEMU…    boot a machine with the DMA tracer, and say what is mapped at hand-off
  dma-handoff tracer extract      write the tracer's files, to load them by other means
  dma-handoff explain [RULE]      print the page of a rule, or the list of rules

LOG is a file, a glob, or - for standard input; gzip is recognised by its content. QEMU is the command line
of qemu-system-x86_64 as it is: what the capture needs is added behind it.

Options of check and capture:
  --format text|json|jsonl        how to report (default: text)
  --fail-on error|warning|information|never
                                  gravest finding that still exits with 0 is one below (default: error)
  --rule ID=off|error|warning|information
                                  switch a rule off or change its severity; may be repeated
  --platform auto|deny|permit     how the platform treats DMA at hand-off (default: auto: as the log
                                  tells); it decides how grave some findings are
  --color auto|always|never       colours in text (default: auto: on a terminal, unless NO_COLOR is set)

Options of check:
  --with FILE                     a second log of the same boot, such as QEMU's trace or Linux's messages;
                                  may be repeated, with one LOG only

Options of capture:
  --log FILE                      where the firmware's output goes (default: debugcon.log, or the next
                                  name of debugcon-2.log, … that is free)
  --trace FILE                    have QEMU trace what the devices do into FILE, and read it, too
  --rebind                        restart drivers that were bound before the tracer came
  --no-tracer                     without the tracer: for firmware that prints its calls by itself
  --keep-running                  let the machine run until it ends by itself
  --linger SECONDS                else, how long it runs on behind hand-off (default: 1)
  --timeout SECONDS               stop the machine if there is no hand-off by then (default: wait)
  --print                         print the command line that would run, and stop

Options of tracer extract:
  --out DIR                       where to (default: the current folder)

  -h, --help                      print this help
  -V, --version                   print the version

Exit status:
  0  no finding at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, or a command line that the tracer cannot be added to
  3  an input cannot be read or holds no DMA call at all; a machine that cannot run or does not reach hand-off
`;
