import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planCapture, type CaptureOptions, type CapturePlan } from '../../src/capture/plan-capture.ts';

const OPTIONS: CaptureOptions = { log: 'debugcon.log', rom: '/opt/dma-tracer.rom', trace: null };
const QEMU = 'qemu-system-x86_64';

type Plan = CapturePlan & { readonly kind: 'plan' };

/** The plan for a command line without anything that needs quotes. */
function plan(command: string | readonly string[], options: Partial<CaptureOptions> = {}): Plan {
  const made = planCapture(typeof command === 'string' ? command.split(' ') : command, { ...OPTIONS, ...options });
  if (made.kind === 'refused') throw new Error(made.message);
  return made;
}

function refusal(command: string | readonly string[], options: Partial<CaptureOptions> = {}): string {
  const made = planCapture(typeof command === 'string' ? command.split(' ') : command, { ...OPTIONS, ...options });
  if (made.kind === 'plan') throw new Error(`It was planned: ${made.argv.join(' ')}`);
  return made.message;
}

/** The value behind an option that is added. */
function added({ added }: Plan, option: string): string | undefined {
  return added.includes(option) ? added[added.indexOf(option) + 1] : undefined;
}

function slotOf(command: string): string | undefined {
  return /,addr=([^,]+)$/.exec(added(plan(command), '-device') ?? '')?.[1];
}

describe('a capture adds', () => {
  test('the debug console and the tracer behind all words of the user', () => {
    const { argv, added, notes } = plan('qemu-system-x86_64 -machine q35 -m 512 -nographic disk.img');
    expect(added).toEqual([
      ...['-debugcon', 'file:debugcon.log', '-global', 'isa-debugcon.iobase=0x402'],
      ...['-device', 'pci-testdev,romfile=/opt/dma-tracer.rom,addr=1e.0'],
    ]);
    expect(argv).toEqual([QEMU, '-machine', 'q35', '-m', '512', '-nographic', 'disk.img', ...added]);
    expect(notes).toEqual([]);
  });

  test('no tracer where the firmware prints its calls by itself', () => {
    expect(plan(QEMU, { rom: null }).added.join(' ')).not.toContain('pci-testdev');
  });

  test('events of devices, and a file for them, only where they are wanted', () => {
    expect(plan(QEMU).added).not.toContain('-trace');
    const traced = plan(QEMU, { trace: 'devices.trace' });
    expect(added(traced, '-D')).toBe('devices.trace');
    expect(traced.added).toContain('pci_cfg_write');
    const events = traced.added.filter((_, index, all) => all[index - 1] === '-trace');
    expect(events.every((event) => /^[a-z0-9_]+$/.test(event))).toBe(true);
    expect(new Set(events).size).toBe(events.length);
  });

  test('paths in the way in which QEMU reads them', () => {
    const made = plan(QEMU, { log: 'a b,c.log', rom: '/opt/a,b/c,,d=e.rom', trace: 'a,b' });
    expect(added(made, '-debugcon'), 'all behind file: is the path').toBe('file:a b,c.log');
    expect(added(made, '-device')).toBe('pci-testdev,romfile=/opt/a,,b/c,,,,d=e.rom,addr=1e.0');
    expect(added(made, '-D')).toBe('a,b');
  });

  test('no port where the command line has it already', () => {
    for (const port of ['0x402', '1026', '0X402']) {
      expect(plan(`${QEMU} -global isa-debugcon.iobase=${port}`).added).not.toContain('-global');
    }
    const long = 'driver=isa-debugcon,property=iobase,value=0x402';
    expect(plan(`${QEMU} -global ${long}`).added).not.toContain('-global');
    expect(plan(`${QEMU} -global ICH9-LPC.disable_s3=1`).added).toContain('isa-debugcon.iobase=0x402');
  });
});

describe('the tracer’s device takes a slot', () => {
  test.each([
    ['-device nvme,addr=1e', '1c.0'],
    ['-device nvme,addr=0x1e', '1c.0'],
    ['-device nvme,addr=1E.1,bus=pcie.0', '1c.0'],
    ['--device nvme,bus=pci.0,addr=1e.0', '1c.0'],
    ['-nic user,model=e1000,addr=1e -device x,addr=1c', '1b.0'],
    ['-device {"driver":"nvme","bus":"pcie.0","addr":"1e.0"}', '1c.0'],
    ['-device nvme,bus=root0,addr=1e', '1e.0'],
    ['-append addr=1e -name x,addr=1e', '1e.0'],
    ['-device nvme,addr=rubbish -device nvme,addr=', '1e.0'],
  ])('that is free with %s', (options, slot) => expect(slotOf(`${QEMU} ${options}`)).toBe(slot));

  test('or the capture is refused', () => {
    const all = Array.from({ length: 32 }, (_, slot) => `-device nvme,addr=${slot.toString(16)}`).join(' ');
    expect(refusal(`${QEMU} ${all}`)).toContain('no free slot');
    expect(plan(`${QEMU} ${all}`, { rom: null }).kind).toBe('plan');
  });
});

describe('a capture is refused', () => {
  test.each([
    ['-debugcon stdio', /-debugcon stdio already/],
    ['--debugcon file:a.log', /-debugcon file:a\.log already/],
    ['-debugcon', /-debugcon/],
    ['-chardev file,id=d,path=x -device isa-debugcon,iobase=0x402,chardev=d', /isa-debugcon/],
    ['-device driver=isa-debugcon,chardev=d', /isa-debugcon/],
    ['-device {"driver":"isa-debugcon"}', /isa-debugcon/],
    ['-global isa-debugcon.iobase=0xe9', /port 0xe9/],
    ['-global driver=isa-debugcon,property=iobase,value=0xe9', /port 0xe9/],
    ['-daemonize', /-daemonize/],
    ['--daemonize', /-daemonize/],
    ['-machine isapc', /isapc has no PCI bus/],
    ['-M none', /none has no PCI bus/],
    ['-machine type=microvm', /microvm has no PCI bus/],
    ['-M q35 -machine microvm,pcie=off', /microvm has no PCI bus/],
    ['-version', /starts no machine/],
    ['--help', /starts no machine/],
    ['-h', /starts no machine/],
    ['-device help', /-device help QEMU starts no machine/],
    ['-machine ?', /starts no machine/],
  ])('with %s', (options, message) => expect(refusal(`${QEMU} ${options}`)).toMatch(message));

  test('where QEMU’s log is taken and a trace is wanted', () => {
    expect(refusal(`${QEMU} -D qemu.log`, { trace: 'x' })).toMatch(/-D qemu\.log already/);
    expect(plan(`${QEMU} -D qemu.log`).argv).toContain('qemu.log');
  });

  test.each(['aarch64', 'arm', 'riscv64', 'loongarch64', 'ppc64'])('for qemu-system-%s', (architecture) => {
    const message = refusal(`/usr/bin/qemu-system-${architecture} -M virt`);
    expect(message).toContain(`qemu-system-${architecture}`);
    expect(refusal(`qemu-system-${architecture}`, { rom: null })).toBe(message);
  });

  test('for 32-bit firmware, which could not run the tracer', () => {
    expect(refusal('qemu-system-i386')).toContain('x86-64');
    expect(plan('qemu-system-i386', { rom: null }).argv[0]).toBe('qemu-system-i386');
  });

  test('without a program, or where the whole command line is one word', () => {
    expect(refusal([])).toContain('command line');
    expect(refusal([''])).toContain('command line');
    expect(refusal(['sh', '-c', 'qemu-system-x86_64 -m 1G'])).toContain('within one word');
    expect(refusal([QEMU, '-name', 'a\0b'])).toContain('NUL');
  });
});

describe('what looks like an option and is none', () => {
  test.each([
    [['-append', '-debugcon stdio']],
    [['-append', '-debugcon']],
    [['-append', '-daemonize']],
    [['-name', '-machine', '-m', '512']],
    [['-serial', '-version', 'isapc']],
    [['-fw_cfg', 'name=opt/x,string=-debugcon']],
    [['debugcon', 'daemonize']],
    [['-kernel', '-D', '-append', '-h']],
  ])('is left alone: %j', (words) => expect(plan([QEMU, ...words]).argv.slice(1, words.length + 1)).toEqual(words));

  test('is one behind an option without a value', () => {
    for (const flag of ['-nographic', '-S', '-snapshot', '-enable-kvm', '--no-reboot', '-nodefaults'])
      expect(refusal([QEMU, flag, '-debugcon', 'stdio']), flag).toContain('-debugcon');
  });
});

describe('a machine with PCI is taken', () => {
  test.each([
    '-machine q35',
    '-M pc-i440fx-7.2',
    '-machine microvm,pcie=on',
    '-M isapc -M q35',
    '-m 512',
    '-machine accel=kvm',
  ])('%s', (options) => expect(plan(`${QEMU} ${options}`).notes).toEqual([]));

  test('or none where the tracer is left out', () =>
    expect(plan(`${QEMU} -M microvm`, { rom: null }).argv).toContain('microvm'));
});

describe('the program', () => {
  test.each([
    '/usr/local/bin/qemu-system-x86_64 -M q35',
    'sudo -u root qemu-system-x86_64 -M q35',
    'numactl --cpunodebind 0 qemu-system-x86_64 -M q35',
    'C:\\qemu\\qemu-system-x86_64.exe -M q35',
    'C:\\qemu\\qemu-system-x86_64w.exe -M q35',
    'qemu-system-x86_64-spice -M q35',
    '/usr/libexec/qemu-kvm -M q35',
    'kvm -M q35',
  ])('is found in %s', (command) => expect(plan(command).notes).toEqual([]));

  test('that runs another one may have options which are none of QEMU’s', () => {
    expect(plan('sudo -D /tmp qemu-system-x86_64', { trace: 'x' }).kind).toBe('plan');
    expect(refusal('sudo -n qemu-system-aarch64 -M virt')).toContain('aarch64');
  });

  test('of another name is taken to pass its words on, and that is said', () => {
    const { notes, argv } = plan('./run-vm.sh -M q35');
    expect(notes.join()).toContain('./run-vm.sh');
    expect(argv.slice(0, 3)).toEqual(['./run-vm.sh', '-M', 'q35']);
    expect(refusal('./run-vm.sh -debugcon stdio')).toContain('-debugcon');
    expect(plan('./run-vm.sh -accel kvm').notes.join(), 'a value is no program').toContain('./run-vm.sh');
  });
});

describe('a note is given', () => {
  test.each([
    ['-machine q35,confidential-guest-support=sev0 -object sev-guest,id=sev0', /confidential/],
    ['-machine q35,memory-encryption=sev0', /confidential/],
    ['-object tdx-guest,id=t', /confidential/],
    ['-readconfig vm.cfg', /-readconfig/],
    ['-loadvm snap', /saved state/],
    ['-incoming defer', /saved state/],
    ['-nographic -append', /-append at the end has no value/],
  ])('on %s', (options, note) => expect(plan(`${QEMU} ${options}`).notes.join('\n')).toMatch(note));

  test('on nothing else', () => expect(plan(`${QEMU} -M q35 -nographic`).notes).toEqual([]));
});

describe('any command line', () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...[
        '-machine',
        '-M',
        '-device',
        '--device',
        '-append',
        '-nographic',
        '-S',
        '-global',
        '-D',
        '-name',
        '-drive',
        '-nic',
      ],
      ...[
        'q35',
        'nvme,addr=1e',
        'addr=1e',
        'isa-debugcon',
        '{"driver":"nvme"}',
        '{',
        ',,,',
        '=',
        '-',
        '--',
        '',
        'a,,b=c',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const words = fc.array(word, { maxLength: 12 }).map((behind) => [QEMU, ...behind]);
  const options = fc.record({
    log: fc.string({ minLength: 1 }),
    rom: fc.option(fc.string({ minLength: 1 })),
    trace: fc.option(fc.string({ minLength: 1 })),
  });

  test('is left word for word as it was, and is followed by what is added', () => {
    fc.assert(
      fc.property(words, options, (command, wanted) => {
        const made = planCapture(command, wanted);
        if (made.kind === 'refused') {
          expect(made.message).toMatch(/^\S.*\.$/su);
          return;
        }
        expect(made.argv.slice(0, command.length)).toEqual(command);
        expect(made.argv.slice(command.length)).toEqual(made.added);
        expect(added(made, '-debugcon')).toBe(`file:${wanted.log}`);
        expect(made.added.includes('-device')).toBe(wanted.rom !== null);
        expect(made.added.includes('-D')).toBe(wanted.trace !== null);
      }),
    );
  });

  test('that a capture has made is not captured again', () => {
    fc.assert(
      fc.property(words, (command) => {
        // Behind an option that wants a value, the added words would begin with it.
        const made = planCapture([...command, '-S'], OPTIONS);
        if (made.kind === 'plan') expect(refusal(made.argv)).toContain('-debugcon');
      }),
    );
  });
});
