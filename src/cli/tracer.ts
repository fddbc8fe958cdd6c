import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaptureInvocation } from './arguments.ts';
import { complain, EXIT, type Streams } from './check.ts';
import { reasonOf } from './inputs.ts';

const FILES = ['dma-tracer.efi', 'dma-tracer.rom', 'dma-tracer-rebind.rom'] as const;

/** Path of the option ROM that a capture loads; `null` if it goes without. */
export function romOf(tracer: CaptureInvocation['tracer'], folder: URL): string | null {
  if (tracer === 'none') return null;
  return fileURLToPath(new URL(tracer === 'rebind' ? 'dma-tracer-rebind.rom' : 'dma-tracer.rom', folder));
}

/** Writes the driver and its option ROMs into the folder `out`, which is made if need be. Returns the exit status. */
export async function extractTracer(
  out: string,
  folder: URL,
  streams: Pick<Streams, 'stdout' | 'stderr'>,
): Promise<number> {
  for (const name of FILES) {
    const target = join(out, name);
    try {
      await mkdir(out, { recursive: true });
      await copyFile(fileURLToPath(new URL(name, folder)), target);
    } catch (error) {
      complain(streams, `${target} cannot be written: ${reasonOf(error)}`);
      return EXIT.unreadable;
    }
    streams.stdout.write(`${target}\n`);
  }
  return EXIT.ok;
}
