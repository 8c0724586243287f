import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { RpcError, type CodeName } from '#adapters/rpc/errors.ts';
import { currentScope, inScope } from '#adapters/scope/scope.ts';
import { Contended, Unavailable } from '#adapters/failures/failures.ts';
import { policy, type BreakerState, type PolicyOptions } from './policy.ts';

const options: PolicyOptions = {
  name: 'inventory',
  timeoutMs: 100,
  attempts: 1,
  breaker: { failureShare: 0.5, calls: 10, minimum: 4, openMs: 150 },
  bulkhead: { concurrent: 10, queued: 10 },
};
const down = (): Promise<never> => Promise.reject(new Unavailable('down'));
const fine = async (): Promise<string> => 'fine';
const say = (code: CodeName) => (): Promise<never> => Promise.reject(new RpcError(code, 'WHY', 'because'));

describe('a circuit breaker (K7, K14)', () => {
  test('leaves a failing callee alone, and lets one call see whether it is back', async () => {
    const seen: BreakerState[] = [];
    const { run, breakerState } = policy({ ...options, onStateChange: (state) => seen.push(state) });
    for (let call = 0; call < 4; call++) await expect(run(down)).rejects.toThrow('down');
    let asked = 0;
    await expect(run(async () => asked++)).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('suspended'),
      retryAfterMs: 150,
    });
    expect([asked, breakerState()]).toEqual([0, 'open']);
    await pause(160);
    expect(await run(fine)).toBe('fine');
    expect(breakerState()).toBe('closed');
    expect(seen).toEqual(['open', 'half-open', 'closed']);
  });
  test('keeps nobody waiting for what that one call finds', async () => {
    const { run, breakerState } = policy({ ...options, attempts: 2, timeoutMs: 1_500 });
    for (let call = 0; call < 4; call++) await expect(run(down)).rejects.toThrow();
    await pause(160);
    const trying = run(() => new Promise<never>(() => undefined)).catch((error: unknown) => error);
    expect(breakerState()).toBe('half-open');
    const began = performance.now();
    await expect(run(fine)).rejects.toMatchObject({ name: 'Unavailable', retryAfterMs: 150 });
    expect(performance.now() - began).toBeLessThan(700);
    expect(await trying).toMatchObject({ name: 'Unavailable' });
    expect(breakerState()).toBe('open');
  });
  test.each<CodeName>([
    'INVALID_ARGUMENT',
    'NOT_FOUND',
    'FAILED_PRECONDITION',
    'CANCELLED',
    'PERMISSION_DENIED',
    'UNAUTHENTICATED',
    'RESOURCE_EXHAUSTED',
    'ABORTED',
  ])('does not count %s, which is about the request', async (code) => {
    const { run, breakerState } = policy(options);
    for (let call = 0; call < 20; call++) await expect(run(say(code))).rejects.toMatchObject({ code, reason: 'WHY' });
    expect(breakerState()).toBe('closed');
  });
  test.each<[string, () => Promise<never>]>([
    ['INTERNAL', say('INTERNAL')],
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['silence', () => new Promise<never>(() => undefined)],
  ])('counts %s', async (_, call) => {
    const { run, breakerState } = policy({ ...options, timeoutMs: 10 });
    for (let time = 0; time < 4; time++) await expect(run(call)).rejects.toThrow();
    expect(breakerState()).toBe('open');
  });
});

describe('a retry', () => {
  const failing = (times: number, error: Error) => {
    let asked = 0;
    return async (): Promise<number> => {
      if (++asked <= times) throw error;
      return asked;
    };
  };
  test.each([new Unavailable('down'), new RpcError('ABORTED', 'CONTENDED', 'busy')])(
    'helps over what passes by itself: %s',
    async (error) => {
      expect(await policy({ ...options, attempts: 3 }).run(failing(2, error))).toBe(3);
    },
  );
  test('is made only so often', async () => {
    await expect(
      policy({ ...options, attempts: 3, breaker: { ...options.breaker, minimum: 10 } }).run(
        failing(3, new Unavailable('down')),
      ),
    ).rejects.toThrow('down');
  });
  test.each([
    new RpcError('NOT_FOUND', 'NOT_FOUND', 'no'),
    new RpcError('INTERNAL', 'INTERNAL', 'bug'),
    new Contended('here'),
  ])('does not follow %s, which would be the same again', async (error) => {
    const call = failing(1, error);
    await expect(policy({ ...options, attempts: 3 }).run(call)).rejects.toBe(error);
  });
  test('has a budget: many calls that fail are not asked twice each', async () => {
    const { run } = policy({
      ...options,
      attempts: 2,
      breaker: { ...options.breaker, failureShare: 0.999, calls: 1_000, minimum: 1_000 },
      bulkhead: { concurrent: 100, queued: 100 },
    });
    let asked = 0;
    const calls = Array.from({ length: 100 }, () => run(() => (asked++, down())).catch(() => undefined));
    await Promise.all(calls);
    expect(asked).toBeGreaterThan(105);
    expect(asked).toBeLessThan(125);
  });
  test('is earned by calls that were answered, and not by those for which there was no room', async () => {
    const { run } = policy({
      ...options,
      attempts: 2,
      breaker: { ...options.breaker, failureShare: 0.999, calls: 1_000, minimum: 1_000 },
      bulkhead: { concurrent: 40, queued: 0 },
    });
    const fail = async (): Promise<number> => {
      let asked = 0;
      await Promise.all(Array.from({ length: 40 }, () => run(() => (asked++, down())).catch(() => undefined)));
      return asked;
    };
    await fail();
    const held = Array.from({ length: 40 }, () => run(() => pause(20).then(down)).catch(() => undefined));
    await Promise.all(Array.from({ length: 400 }, () => run(fine).catch(() => undefined)));
    await Promise.all(held);
    expect(await fail()).toBe(40);
    for (let nth = 0; nth < 55; nth++) await run(fine);
    expect(await fail()).toBe(45);
  });
});

describe('a slow callee', () => {
  test('is cut off, and reported', async () => {
    let told = false;
    const began = Date.now();
    const call = policy(options).run(
      (signal) => new Promise<never>(() => signal.addEventListener('abort', () => (told = true))),
    );
    await expect(call).rejects.toMatchObject({ name: 'Unavailable', message: 'inventory did not answer in time' });
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(told).toBe(true);
  });
  test('runs in the scope of the call that waited, and not of the call before it (K6)', async () => {
    const { run } = policy({ ...options, bulkhead: { concurrent: 1, queued: 5 } });
    const ids = ['first', 'second', 'third'];
    const heard = ids.map((id) =>
      inScope({ correlationId: id, causationId: id }, () =>
        run(async () => {
          await pause(5);
          return currentScope()?.correlationId;
        }),
      ),
    );
    expect(await Promise.all(heard)).toEqual(ids);
  });
  test('holds no more of us than its bulkhead (K14)', async () => {
    const { run, breakerState } = policy({ ...options, bulkhead: { concurrent: 2, queued: 1 } });
    const ended = await Promise.allSettled(Array.from({ length: 20 }, () => run(() => pause(30))));
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(ended.at(-1)).toMatchObject({
      reason: { name: 'Unavailable', message: 'too many calls to inventory at once' },
    });
    expect(breakerState()).toBe('closed');
  });
  test('is cut off over HTTP just the same', async () => {
    const silent = createServer(() => undefined);
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    await expect(
      policy(options).run((signal) => fetch(`http://127.0.0.1:${port}/charges`, { signal })),
    ).rejects.toMatchObject({ name: 'Unavailable' });
    silent.closeAllConnections();
    silent.close();
  });
});
