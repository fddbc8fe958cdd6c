// Runs the VS Code server and ends it, with all it has forked, when the process that started it is gone, however that went:
// then the pipe to this one's standard input closes. Usage: node server-keeper.mjs server-main.js ARGUMENTS…
import { pathToFileURL } from 'node:url';

process.stdin.resume().on('end', () => process.kill(-process.pid, 'SIGKILL'));

// The server reads process.argv as if it had been started itself.
process.argv.splice(1, 1);
await import(pathToFileURL(process.argv[1] ?? '').href);
