// Builds and packages the repository's extension the way a release does.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from './paths.mjs';

/**
 * @param {string} targetDir
 * @returns {string} the .vsix; E2E_VSIX names one that is already built
 */
export function packageExtension(targetDir) {
  const given = process.env.E2E_VSIX;
  if (given !== undefined && given !== '') return path.resolve(given);
  const vsix = path.join(targetDir, 'dma-handoff.vsix');
  step('npm', ['run', 'build']);
  step('npx', ['--no-install', 'vsce', 'package', '--no-dependencies', '-o', vsix]);
  console.log(`# packaged ${Math.round(fs.statSync(vsix).size / 1024)} KiB`);
  return vsix;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function step(command, args) {
  try {
    execFileSync(command, args, { cwd: repoDir, stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout?: Buffer, stderr?: Buffer }} */ (error);
    throw new Error(`${command} ${args.join(' ')} failed\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}
