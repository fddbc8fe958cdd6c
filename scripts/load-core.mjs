// The analyser as a script sees it: the neutral bundle that `node esbuild.mjs core` builds.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds and loads the core, whose exports are those of src/core/index.ts. */
export function loadCore() {
  execFileSync(process.execPath, ['esbuild.mjs', 'core'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return runInThisContext(`${readFileSync(`${root}dist-test/core.js`, 'utf8')}; DmaHandoffCore`);
}
