import { Uri, workspace } from 'vscode';
import { USUAL_CHOICES } from './choices.ts';
import type { Draft } from './type-command.ts';

/** Where packages put an OVMF that needs no second file: Debian and Ubuntu, Fedora, Arch, openSUSE, QEMU's own, Homebrew. */
const FIRMWARE = [
  '/usr/share/OVMF/OVMF_CODE_4M.fd',
  '/usr/share/OVMF/OVMF_CODE.fd',
  '/usr/share/edk2/ovmf/OVMF_CODE.fd',
  '/usr/share/edk2/x64/OVMF_CODE.4m.fd',
  '/usr/share/qemu/ovmf-x86_64-code.bin',
  '/usr/share/qemu/edk2-x86_64-code.fd',
  '/opt/homebrew/share/qemu/edk2-x86_64-code.fd',
  '/usr/local/share/qemu/edk2-x86_64-code.fd',
];

const DISK = /\.(?:qcow2|img|raw|iso)$/i;

/** A command line for a machine with one disk, made of what is found on this one; the disk is selected, to be replaced. */
export async function exampleCommand(): Promise<Draft> {
  const [firmware, disk] = await Promise.all([findFirmware(), findDisk()]);
  const name = disk ?? 'disk.img';
  const format = /\.qcow2$/i.test(name) ? 'qcow2' : 'raw';
  const words = [
    'qemu-system-x86_64 -machine q35 -m 1G -nographic',
    `-drive if=pflash,format=raw,readonly=on,file=${quoted(firmware)}`,
    '-device nvme,serial=1,drive=disk',
    `-drive if=none,id=disk,snapshot=on,format=${format},file=`,
  ];
  const text = words.join(' ');
  return {
    text: text + quoted(name),
    selection: [text.length, text.length + quoted(name).length],
    choices: USUAL_CHOICES,
  };
}

async function findFirmware(): Promise<string> {
  const found = await Promise.all(FIRMWARE.map(exists));
  return FIRMWARE[Math.max(found.indexOf(true), 0)] ?? '';
}

/** The first disk image in the workspace folder. Below it nobody looks: a workspace can be large, and the user waits. */
async function findDisk(): Promise<string | null> {
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) return null;
  const entries = await workspace.fs.readDirectory(folder.uri);
  return entries.map(([name]) => name).find((name) => DISK.test(name)) ?? null;
}

async function exists(path: string): Promise<boolean> {
  try {
    await workspace.fs.stat(Uri.file(path));
    return true;
  } catch {
    return false;
  }
}

/** Both styles of quoting know double quotes. */
function quoted(path: string): string {
  return /[\s'"]/.test(path) ? `"${path.replaceAll('"', '\\"')}"` : path;
}
