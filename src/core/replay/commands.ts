/** What the debug console understands beside expressions. */
export interface ReplayCommand {
  readonly name: string;
  /** What is typed behind the name, or empty. */
  readonly operands: string;
  /** For help and completion: a phrase. */
  readonly meaning: string;
}

export const REPLAY_COMMANDS: readonly ReplayCommand[] = [
  { name: 'help', operands: '', meaning: 'this list' },
  { name: 'where', operands: '', meaning: 'what happens here, and in which call, callback and phase' },
  { name: 'live', operands: '[words]', meaning: 'live mappings, those whose words are all in: live Write XhciDxe' },
  { name: 'who', operands: 'ADDRESS', meaning: 'which driver and device own what covers the address now' },
  { name: 'covers', operands: 'ADDRESS', meaning: 'what is live now over the address' },
  {
    name: 'history',
    operands: 'HANDLE|ADDRESS',
    meaning: 'every mapping and buffer of the boot that had the handle or covered the address',
  },
  { name: 'leaks', operands: '', meaning: 'mappings that are still there at hand-off' },
  { name: 'devices', operands: '', meaning: 'what is known of the devices here' },
];
