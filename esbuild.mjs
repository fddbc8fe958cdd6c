// Builds every bundle that ships, and the bare core for the purity test. Copies the tracer to dist/firmware.
//
//   node esbuild.mjs [name …] [--watch] [--metafile]
//
// Names are those of `bundles`; without any, all are built. `--metafile` writes .cache/meta/<name>.json for
// https://esbuild.github.io/analyze/.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';
import { bundledPackages, thirdPartyNotices } from './scripts/third-party-notices.mjs';

const root = dirname(fileURLToPath(import.meta.url));

/**
 * @typedef {object} Bundle
 * @property {string} entry
 * @property {string} outfile
 * @property {import('esbuild').BuildOptions} options
 * @property {readonly string[]} [forbidden] packages that must not get in, by whatever way
 */

/** Below Node's own target nothing of the bundles for browsers may use what ES2022 lacks. */
const web = /** @type {const} */ ({ platform: 'browser', target: 'es2022', define: { global: 'globalThis' } });
const node = /** @type {const} */ ({ platform: 'node', target: 'node20', format: 'cjs' });

/** @type {Readonly<Record<string, Bundle>>} */
export const bundles = {
  cli: {
    entry: 'src/cli/main.node.ts',
    outfile: 'dist/cli/main.js',
    options: {
      ...node,
      // A dependency asks for the URL of its module, which a CommonJS bundle does not have.
      banner: { js: "#!/usr/bin/env node\nconst bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
      define: { 'import.meta.url': 'bundleUrl' },
    },
  },
  'extension-node': {
    entry: 'src/extension/main.node.ts',
    outfile: 'dist/extension/main.node.js',
    options: { ...node, external: ['vscode'] },
    // Parsing is the worker's work: the extension host must start at once and never be busy.
    forbidden: ['chevrotain'],
  },
  'extension-web': {
    entry: 'src/extension/main.web.ts',
    outfile: 'dist/extension/main.web.js',
    options: { ...web, format: 'cjs', external: ['vscode'] },
    forbidden: ['chevrotain'],
  },
  'worker-node': {
    entry: 'src/worker/main.node.ts',
    outfile: 'dist/worker/main.node.js',
    options: node,
  },
  'worker-web': {
    entry: 'src/worker/main.web.ts',
    outfile: 'dist/worker/main.web.js',
    options: { ...web, format: 'iife' },
  },
  webview: {
    entry: 'src/webview/timeline/main.ts',
    outfile: 'dist/webview/timeline.js',
    options: { ...web, format: 'iife' },
    forbidden: ['chevrotain'],
  },
  // Not shipped: a test runs it in an empty realm, where anything but ECMAScript is missing.
  core: {
    entry: 'src/core/index.ts',
    outfile: 'dist-test/core.js',
    options: {
      platform: 'neutral',
      target: 'es2022',
      mainFields: ['module', 'main'],
      format: 'iife',
      globalName: 'DmaHandoffCore',
    },
  },
};

/** What the command line and the extension give to QEMU: built by `make -C firmware prebuilt`, since few have a C compiler. */
const tracerFiles = ['dma-tracer.efi', 'dma-tracer.rom', 'dma-tracer-rebind.rom'];

/**
 * Builds the named bundles, and puts the tracer beside them. Throws if one fails.
 *
 * @param {readonly string[]} [names]
 * @param {{ metafile?: boolean }} [settings]
 */
export async function buildBundles(names = Object.keys(bundles), settings = {}) {
  const results = await Promise.all(
    names.map(async (name) => {
      const result = await build(await optionsFor(name));
      if (settings.metafile) await writeWhole(`.cache/meta/${name}.json`, JSON.stringify(result.metafile));
      return result;
    }),
  );
  await copyTracer();
  const inputs = results.flatMap((result) => Object.keys(result.metafile?.inputs ?? {}));
  if (names.length === Object.keys(bundles).length) {
    await writeWhole('dist/THIRD-PARTY-NOTICES.txt', await thirdPartyNotices(root, inputs));
  }
}

async function copyTracer() {
  const copies = tracerFiles.map(async (name) =>
    writeWhole(`dist/firmware/${name}`, await readFile(resolve(root, 'firmware/prebuilt', name))),
  );
  await Promise.all(copies);
}

/** The bundles whose room is written already: tests of one room run before the next exists. */
export function buildableBundles() {
  return Object.keys(bundles).filter((name) => existsSync(resolve(root, bundleNamed(name).entry)));
}

/** @param {string} name */
function bundleNamed(name) {
  const bundle = bundles[name];
  if (!bundle) throw new Error(`There is no bundle "${name}", only ${Object.keys(bundles).join(', ')}.`);
  return bundle;
}

/**
 * @param {string} name
 * @returns {Promise<import('esbuild').BuildOptions>}
 */
async function optionsFor(name) {
  const { entry, outfile, options, forbidden = [] } = bundleNamed(name);
  const { version } = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));
  return {
    ...options,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    sourcemap: false,
    charset: 'utf8',
    legalComments: 'none', // THIRD-PARTY-NOTICES.txt has them whole
    metafile: true,
    write: false,
    logLevel: 'warning',
    define: { ...options.define, __VERSION__: JSON.stringify(version), __PRODUCTION__: 'true' },
    plugins: [refusePackages(forbidden, outfile), writeAtOnce],
  };
}

/**
 * @param {readonly string[]} forbidden
 * @param {string} outfile
 * @returns {import('esbuild').Plugin}
 */
function refusePackages(forbidden, outfile) {
  return {
    name: 'refuse-packages',
    setup({ onEnd }) {
      onEnd(({ metafile }) => {
        // Outputs, not inputs: what was read but shaken off again does no harm.
        const kept = Object.values(metafile?.outputs ?? {}).flatMap((output) => Object.keys(output.inputs));
        const found = bundledPackages(kept).filter((name) => forbidden.includes(name));
        const errors = found.map((name) => ({ text: `${name} must not be in ${outfile}.` }));
        // esbuild fails the build for these, but does not print what comes from `onEnd`.
        for (const { text } of errors) console.error(text);
        return { errors };
      });
    },
  };
}

/**
 * Replaces each output in one step, so that a program which starts meanwhile never reads half a bundle.
 *
 * @type {import('esbuild').Plugin}
 */
const writeAtOnce = {
  name: 'write-at-once',
  setup({ onEnd }) {
    onEnd(async ({ errors, outputFiles = [] }) => {
      if (errors.length > 0) return;
      await Promise.all(outputFiles.map((file) => writeWhole(file.path, file.contents)));
    });
  },
};

/**
 * @param {string} path
 * @param {string | Uint8Array} contents
 */
async function writeWhole(path, contents) {
  const target = resolve(root, path);
  const temporary = `${target}.${process.pid}.tmp`;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(temporary, contents);
  if (target === resolve(root, bundleNamed('cli').outfile)) await chmod(temporary, 0o755);
  await rename(temporary, target);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { watch: { type: 'boolean' }, metafile: { type: 'boolean' } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(bundles);
  if (!values.watch) {
    await buildBundles(names, { metafile: values.metafile ?? false });
    return;
  }
  await copyTracer();
  for (const name of names) {
    const watching = await context({ ...(await optionsFor(name)), logLevel: 'info' });
    await watching.watch();
  }
}

if (process.argv[1] && relative(process.argv[1], fileURLToPath(import.meta.url)) === '') {
  await main().catch((error) => {
    // What is wrong in the sources has been printed already.
    if (!error.errors) console.error(error.message);
    process.exitCode = 1;
  });
}
