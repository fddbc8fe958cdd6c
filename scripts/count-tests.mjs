// Prints "<passed> <failed>" from the JSON that Vitest wrote. A skipped test has failed, and so has a file without tests
// that could not even be loaded.
import { readFileSync } from 'node:fs';

const results = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const unloaded = results.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
const failed = results.numFailedTests + results.numPendingTests + results.numTodoTests + unloaded.length;
console.log(`${results.numPassedTests} ${failed}`);
