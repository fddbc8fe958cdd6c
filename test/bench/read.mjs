// Reads a file as the command line does and throws it away: what is left when all work is taken out.
//
//   node read.mjs FILE
import { createReadStream } from 'node:fs';

let bytes = 0;
for await (const chunk of createReadStream(process.argv[2] ?? '', { highWaterMark: 1 << 20 })) bytes += chunk.length;
console.log(bytes);
