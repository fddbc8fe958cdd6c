/** Name of the log of a capture that names none: a name that says what it is to VS Code. `number`: which one is tried, from 1. */
export function logName(number: number): string {
  return number === 1 ? 'debugcon.log' : `debugcon-${number}.log`;
}
