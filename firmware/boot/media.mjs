// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// What a boot needs from Debian: QEMU, OVMF, mtools, and a kernel with an EFI stub, which is unpacked and not installed.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = ['qemu-system-x86', 'ovmf', 'mtools'];
const code = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const vars = '/usr/share/OVMF/OVMF_VARS_4M.fd';

// A size that an SD card can have, which must be a power of two.
const diskBytes = 64 << 20;

const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });

function isInstalled(name) {
  try {
    return (
      run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { stdio: ['ignore', 'pipe', 'ignore'] }) ===
      'installed'
    );
  } catch {
    return false;
  }
}

/** Installs the packages that are missing. Throws if that takes root and we are not. */
function installPackages() {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new Error(`Install these packages, or run this as root: ${missing.join(' ')}`);
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** Downloads Debian's cloud kernel into `dir`, unless it is there. Returns its path. */
export function fetchKernel(dir) {
  const boot = join(dir, 'unpacked', 'boot');
  const find = () => (existsSync(boot) ? readdirSync(boot).find((name) => name.startsWith('vmlinuz-')) : undefined);
  if (find() === undefined) {
    mkdirSync(dir, { recursive: true });
    const depends = () =>
      /Depends: (linux-image-\S+)/.exec(run('apt-cache', ['depends', 'linux-image-cloud-amd64']))?.[1];
    if (depends() === undefined) run('apt-get', ['update', '-qq']);
    const name = depends();
    if (name === undefined) throw new Error('No package linux-image-cloud-amd64 is known to apt');
    // As root apt-get would hand the download to a user who may not write here, and complain.
    run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', '-qq', name], { cwd: dir });
    const file = readdirSync(dir).find((each) => each.startsWith(`${name}_`)) ?? '';
    run('dpkg-deb', ['-x', join(dir, file), join(dir, 'unpacked')]);
  }
  return join(boot, find() ?? '');
}

/** Makes `disk`, a FAT disk whose startup.nsh starts the kernel with a serial console. */
export function makeDisk(disk, kernel) {
  writeFileSync(disk, '');
  truncateSync(disk, diskBytes);
  run('mformat', ['-i', disk, '-F', '::']);
  run('mcopy', ['-i', disk, kernel, '::vmlinuz.efi']);
  run('mcopy', ['-i', disk, '-', '::startup.nsh'], {
    input: 'fs0:\r\nvmlinuz.efi console=ttyS0 panic=-1\r\n',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Gets everything a boot needs, in `cache`. `version` is that of the firmware's package. */
export function prepareMedia(cache, kernelPath) {
  installPackages();
  mkdirSync(cache, { recursive: true });
  const kernel = kernelPath ?? fetchKernel(join(cache, 'kernel'));
  const disk = join(cache, 'boot.img');
  makeDisk(disk, kernel);
  const blank = join(cache, 'blank.img');
  writeFileSync(blank, '');
  truncateSync(blank, 1 << 20);
  const varsCopy = join(cache, 'vars.fd');
  return {
    code,
    disk,
    blank,
    version: run('dpkg-query', ['-W', '-f', '${Version}', 'ovmf']),
    /** A boot writes to its variables, so each gets new ones. */
    freshVars() {
      copyFileSync(vars, varsCopy);
      return varsCopy;
    },
  };
}
