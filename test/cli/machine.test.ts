import { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runMachine } from '../../src/cli/machine.ts';
import { readLog } from '../core/support/logs.ts';
import { createWorkplace, type Workplace } from './support/stand-in.ts';

let work: Workplace;

beforeEach(() => {
  work = createWorkplace();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  work.remove();
});

describe('a machine of another user', () => {
  test('that may not be stopped is still waited for', async () => {
    const log = work.file('debugcon.log');
    writeFileSync(log, '');
    vi.stubEnv('QEMU_STEPS', work.file('steps.json'));
    vi.stubEnv('QEMU_RECORD', work.file('record.jsonl'));
    writeFileSync(
      work.file('steps.json'),
      JSON.stringify([{ write: readLog('tracer-v2-virtio-legacy') }, { await: 'SIGTERM' }, { exit: 0 }]),
    );
    const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockImplementationOnce(function (this: ChildProcess) {
      // As Node tells that the system does not let it.
      this.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM' }));
      return false;
    });
    const problems: string[] = [];
    const { ending, handedOff } = await runMachine({
      argv: [`${work.programs}/qemu-system-x86_64`, '-debugcon', `file:${log}`],
      log,
      linger: 0,
      timeout: null,
      stdout: 2,
      onHandoff: () => undefined,
      onUnstoppable(reason) {
        problems.push(reason);
        // Now the user does it.
        process.kill((kill.mock.contexts[0] as ChildProcess).pid ?? 0, 'SIGTERM');
      },
    });
    expect(problems).toEqual(['permission denied']);
    expect(handedOff).toBe(true);
    expect(ending).toEqual({ how: 'stopped', because: 'handed-off' });
  });
});
