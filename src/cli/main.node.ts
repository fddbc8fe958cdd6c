import { pathToFileURL } from 'node:url';
import { parseArguments } from './arguments.ts';
import { capture } from './capture.ts';
import { check, EXIT } from './check.ts';
import { explain } from './explain.ts';
import { HELP } from './help.ts';
import { extractTracer } from './tracer.ts';

async function main(): Promise<number> {
  const { stdin, stdout, stderr, argv, env } = process;
  const invocation = parseArguments(argv.slice(2));
  switch (invocation.kind) {
    case 'help':
      stdout.write(HELP);
      return EXIT.ok;
    case 'version':
      stdout.write(`${__VERSION__}\n`);
      return EXIT.ok;
    case 'usage-error':
      stderr.write(`dma-handoff: ${invocation.message}\nTry "dma-handoff --help".\n`);
      return EXIT.usage;
    case 'explain': {
      const { ok, text } = await explain(invocation.rule, packaged('docs/rules/'));
      if (ok) stdout.write(text);
      else stderr.write(`dma-handoff: ${text}\n`);
      return ok ? EXIT.ok : EXIT.usage;
    }
    case 'tracer-extract':
      return extractTracer(invocation.out, packaged('dist/firmware/'), { stdout, stderr });
    case 'capture':
      return capture(invocation, {
        streams: { stdin, stdout, stderr, environment: env },
        version: __VERSION__,
        tracerFolder: packaged('dist/firmware/'),
      });
    case 'check':
      return check(invocation, { stdin, stdout, stderr, environment: env }, __VERSION__);
  }
}

/** A path of the package, seen from dist/cli/main.js. */
function packaged(path: string): URL {
  return new URL(`../../${path}`, pathToFileURL(__filename));
}

// A reader that has seen enough (`| head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.unreadable);
});

void main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`dma-handoff: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = EXIT.unreadable;
  },
);
