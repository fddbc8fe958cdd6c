import { buildableBundles, buildBundles } from '../../esbuild.mjs';

/** Vitest's global setup: tests that run a bundle find it fresh, straight after `npm ci`. */
export async function setup(): Promise<void> {
  await buildBundles(buildableBundles());
}
