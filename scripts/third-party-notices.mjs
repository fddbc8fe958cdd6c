// The licences of the packages that are bundled into what ships: their terms ask to go along with every copy.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Names of the packages that the files of a bundle came from, sorted.
 *
 * @param {readonly string[]} inputs paths as esbuild's metafile gives them
 * @returns {string[]}
 */
export function bundledPackages(inputs) {
  const names = inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/**
 * The text of THIRD-PARTY-NOTICES.txt. Packages with the same licence text share one copy of it.
 *
 * @param {string} root folder of node_modules
 * @param {readonly string[]} inputs paths as esbuild's metafile gives them
 * @returns {Promise<string>}
 */
export async function thirdPartyNotices(root, inputs) {
  /** @type {Map<string, string[]>} */
  const titlesByText = new Map();
  for (const name of bundledPackages(inputs)) {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const text = await licenceText(folder, name);
    titlesByText.set(text, [...(titlesByText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const sections = [...titlesByText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`);
  return [`DMA Handoff contains the following software by others.\n`, ...sections].join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * @param {string} folder
 * @param {string} name
 */
async function licenceText(folder, name) {
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|notice)(?:\.|$)/i.test(file)).sort();
  if (files.length === 0) throw new Error(`${name} is bundled but has no licence file.`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.map((text) => text.trim()).join('\n\n');
}
