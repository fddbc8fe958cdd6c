import { describe, expect, test } from 'vitest';
import { refused, succeeded } from '../../src/protocol/outcome.ts';
import { createRpcClient, serveRpc, type Call, type Cancellation, type Handlers } from '../../src/protocol/rpc.ts';
import { createWirePair } from './wire-pair.ts';

interface Sums {
  readonly add: Call<readonly number[], number, number>;
  readonly wait: Call<null, null>;
  readonly reverse: Call<ArrayBuffer, ArrayBuffer>;
}

function connect(handlers: Partial<Handlers<Sums>>): ReturnType<typeof createRpcClient<Sums>> {
  const { host, worker } = createWirePair();
  const unused = (): never => {
    throw new Error('not expected');
  };
  serveRpc<Sums>(worker, { add: unused, wait: unused, reverse: unused, ...handlers });
  return createRpcClient<Sums>(host);
}

/** A cancellation under the test's control. */
function createCancellation(): Cancellation & { cancel(): void } {
  const listeners = new Set<() => void>();
  let requested = false;
  return {
    get isCancellationRequested() {
      return requested;
    },
    onCancellationRequested(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    cancel() {
      requested = true;
      for (const listener of [...listeners]) listener();
    },
  };
}

describe('rpc', () => {
  test('a call gives what its handler gives', async () => {
    const client = connect({ add: (numbers) => succeeded(numbers.reduce((sum, number) => sum + number, 0)) });
    expect(await client.call('add', [1, 2, 3])).toEqual({ ok: true, value: 6 });
  });

  test('answers find their calls in any order', async () => {
    const client = connect({
      async add([first = 0, delayMs = 0]) {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        return succeeded(first);
      },
    });
    const outcomes = await Promise.all([client.call('add', [1, 20]), client.call('add', [2, 0])]);
    expect(outcomes).toEqual([
      { ok: true, value: 1 },
      { ok: true, value: 2 },
    ]);
  });

  test('progress comes before the answer, in order', async () => {
    const client = connect({
      add(numbers, { report }) {
        for (const number of numbers) report(number);
        return succeeded(0);
      },
    });
    const seen: number[] = [];
    await client.call('add', [3, 1, 2], { onProgress: (number) => seen.push(number) });
    expect(seen).toEqual([3, 1, 2]);
  });

  test('a refusal arrives as a value', async () => {
    const client = connect({ wait: () => refused('Not today.') });
    expect(await client.call('wait', null)).toEqual({
      ok: false,
      failure: { kind: 'refused', message: 'Not today.' },
    });
  });

  test('a handler that throws is a crash with its message, and the next call works', async () => {
    const client = connect({
      add: () => succeeded(1),
      wait() {
        throw new Error('a bug');
      },
    });
    const outcome = await client.call('wait', null);
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'crashed' } });
    expect(outcome.ok ? '' : outcome.failure.message).toContain('a bug');
    expect(await client.call('add', [])).toEqual({ ok: true, value: 1 });
  });

  test('a function that does not exist is a crash, not silence', async () => {
    const { host, worker } = createWirePair();
    serveRpc<Pick<Sums, 'add'>>(worker, { add: () => succeeded(0) });
    const client = createRpcClient<Sums>(host);
    expect(await client.call('wait', null)).toMatchObject({ ok: false, failure: { kind: 'crashed' } });
  });

  test('a cancelled call settles at once, and its handler gets to know', async () => {
    const cancellation = createCancellation();
    let tellCancelled: () => void;
    const handlerCancelled = new Promise<void>((resolve) => (tellCancelled = resolve));
    const client = connect({
      wait: (_params, { onCancel }) =>
        new Promise(() => {
          onCancel(() => tellCancelled());
          setTimeout(() => cancellation.cancel());
        }),
    });
    const outcome = await client.call('wait', null, { cancellation });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    await handlerCancelled;
  });

  test('a call that is cancelled already is never sent', async () => {
    const cancellation = createCancellation();
    cancellation.cancel();
    const client = connect({});
    const outcome = await client.call('wait', null, { cancellation });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
  });

  test('buffers move both ways', async () => {
    const client = connect({
      reverse(buffer) {
        new Uint8Array(buffer).reverse();
        return succeeded(buffer, [buffer]);
      },
    });
    const { buffer } = Uint8Array.of(1, 2, 3);
    const outcome = await client.call('reverse', buffer, { transfer: [buffer] });
    expect(buffer.byteLength).toBe(0);
    expect(outcome.ok && [...new Uint8Array(outcome.value)]).toEqual([3, 2, 1]);
  });

  test('when the other side is gone, open calls and later ones say so', async () => {
    const client = connect({ wait: () => new Promise(() => undefined) });
    const open = client.call('wait', null);
    client.disconnect('It fell over.');
    const expected = { ok: false, failure: { kind: 'disconnected', message: 'It fell over.' } };
    expect(await open).toEqual(expected);
    expect(await client.call('add', [])).toEqual(expected);
  });
});
