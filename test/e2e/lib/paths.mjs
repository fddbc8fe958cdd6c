// Where things are: the repository, the installed harness and what a run writes.
import path from 'node:path';

const lib = import.meta.dirname;

export const e2eDir = path.dirname(lib);
export const repoDir = path.resolve(e2eDir, '../..');
export const inHostTestsDir = path.join(repoDir, 'test/extension');
export const fixtureLogsDir = path.join(repoDir, 'test/fixtures/logs');
export const imagesDir = path.join(repoDir, 'docs/images');
export const shotsDir = path.join(e2eDir, 'shots');
export const standInsDir = path.join(lib, 'stand-ins');

export const harnessDir = path.join(e2eDir, '.harness');
export const harnessModulesDir = path.join(harnessDir, 'node_modules');
export const vscodeServerDir = path.join(harnessModulesDir, 'code-server/lib/vscode');
export const chromiumDir = path.join(harnessDir, 'chromium');
