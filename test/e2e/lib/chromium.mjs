// The browser: npm's @sparticuz/chromium (a headless Chromium, packed), or the one that CHROMIUM names.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { chromiumDir } from './paths.mjs';

/** Debian's and Ubuntu's names of the libraries that the packed Chromium needs, should its own copies not do. */
const APT_PACKAGES = ['libnspr4', 'libnss3', 'libexpat1'];

/**
 * Unpacks the browser, its fonts and its libraries. The package's own unpacker always writes to the temp folder and
 * reuses whatever lies there, also an older version: hence this.
 * @param {string} modulesDir node_modules with @sparticuz/chromium
 * @param {string} targetDir
 */
export async function unpackChromium(modulesDir, targetDir) {
  const packageDir = path.join(modulesDir, '@sparticuz/chromium');
  const tar = createRequire(path.join(packageDir, 'package.json'))('tar-fs');
  const packed = (/** @type {string} */ name) =>
    fs.createReadStream(path.join(packageDir, 'bin', name)).pipe(zlib.createBrotliDecompress());
  fs.mkdirSync(targetDir, { recursive: true });
  await pipeline(packed('chromium.br'), fs.createWriteStream(path.join(targetDir, 'chromium'), { mode: 0o755 }));
  const unpackTo = (/** @type {string} */ folder) => tar.extract(folder, { chown: false });
  await pipeline(packed('fonts.tar.br'), unpackTo(targetDir));
  await pipeline(packed('al2023.tar.br'), unpackTo(path.join(targetDir, 'libraries')));
  const mono = path.join(modulesDir, '@expo-google-fonts/jetbrains-mono');
  for (const style of ['400Regular', '700Bold']) {
    const name = `JetBrainsMono_${style}.ttf`;
    fs.copyFileSync(path.join(mono, style, name), path.join(targetDir, 'fonts', name));
  }
  fs.writeFileSync(path.join(targetDir, 'fonts.conf'), fontsConfig());
}

/**
 * Fonts come with the harness alone, so that pictures look the same on every machine.
 * `prefix="relative"` makes the folder relative to this file.
 */
function fontsConfig() {
  const alias = (/** @type {string} */ family, /** @type {string} */ font) =>
    `  <alias binding="same"><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    '  <dir prefix="relative">fonts</dir>',
    '  <cachedir prefix="relative">font-cache</cachedir>',
    alias('monospace', 'JetBrains Mono'),
    alias('sans-serif', 'Open Sans'),
    alias('system-ui', 'Open Sans'),
    '</fontconfig>',
    '',
  ].join('\n');
}

/**
 * The browser to launch and the environment it needs.
 * @returns {{ executablePath: string, env: NodeJS.ProcessEnv }}
 */
export function findChromium() {
  const own = process.env.CHROMIUM;
  if (own !== undefined && own !== '') {
    if (!fs.existsSync(own)) throw new Error(`CHROMIUM names ${own}, which does not exist`);
    return { executablePath: own, env: process.env };
  }
  const executablePath = path.join(chromiumDir, 'chromium');
  const env = { ...process.env, FONTCONFIG_FILE: path.join(chromiumDir, 'fonts.conf') };
  if (missingLibraries(executablePath, env).length === 0) return { executablePath, env };

  const libraries = path.join(chromiumDir, 'libraries/lib');
  const withOwnLibraries = {
    ...env,
    LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  };
  if (missingLibraries(executablePath, withOwnLibraries).length === 0) return { executablePath, env: withOwnLibraries };

  installLibraries();
  const missing = missingLibraries(executablePath, env);
  if (missing.length > 0) {
    throw new Error(
      `Chromium cannot start, this machine lacks ${missing.join(', ')}. Install ${APT_PACKAGES.join(' ')}, or set CHROMIUM to a browser.`,
    );
  }
  return { executablePath, env };
}

function installLibraries() {
  if (process.getuid?.() !== 0 || !fs.existsSync('/usr/bin/apt-get')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  console.log(`# apt-get install ${APT_PACKAGES.join(' ')}`);
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'pipe' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...APT_PACKAGES], { env, stdio: 'pipe' });
}

/**
 * @param {string} executablePath
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]} names of the shared libraries that the loader does not find
 */
function missingLibraries(executablePath, env) {
  const listing = execFileSync('ldd', [executablePath], { encoding: 'utf8', env });
  return [...listing.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}
