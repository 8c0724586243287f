import { describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { decide, type Input } from '../payment.ts';
import type { Payments } from '../ports.ts';

/** What the use cases count on, wherever payments are kept. */
export function paymentsContract(name: string, payments: () => Payments): void {
  const request = (id: string, payerId: string, payeeId = ''): Input => ({
    type: 'RequestPayment',
    order: { kind: 'lodging.reservation', id },
    intent: { payerId, payeeId, amount: krw(50_000) },
  });
  const take = (id: string, input: Input) => payments().update(id, (state) => decide(state, input));
  const ids = async (found: Promise<readonly { id: string }[]>) => (await found).map(({ id }) => id);

  describe(`payments kept in ${name}`, () => {
    test('are not there before they are asked for', async () => expect(await payments().get(newId())).toBeUndefined());

    test('are kept as decided, and count their changes', async () => {
      const id = newId();
      await take(id, request(id, newId()));
      expect(await payments().get(id)).toMatchObject({
        id,
        version: 1,
        state: { status: 'pending', intent: { amount: krw(50_000) } },
      });
      await take(id, { type: 'Charged', at: 7 });
      expect(await payments().get(id)).toMatchObject({ version: 2, state: { status: 'completed', completedAt: 7 } });
    });

    test('stay as they are when nothing follows or the wish is refused', async () => {
      const id = newId();
      await take(id, request(id, newId()));
      expect(await take(id, { type: 'Refunded', refundKey: `${id}-refund`, charged: true })).toMatchObject({
        accepted: true,
        after: { version: 1 },
      });
      expect(await take(id, { type: 'RetryPayment', at: Date.now(), by: { id: 'stranger', admin: false } })).toEqual({
        accepted: false,
        refusal: 'no-such-payment',
      });
      expect(await payments().get(id)).toMatchObject({ version: 1 });
    });

    test('are listed newest first, by payer, payee and status, page by page', async () => {
      const [guest, host] = [newId(), newId()];
      const made = Array.from({ length: 5 }, () => newId());
      for (const id of made) await take(id, request(id, guest, host));
      const newest = [...made].sort().reverse();
      await take(newest[1] as string, { type: 'Charged', at: 1 });
      const [, second, third] = newest;
      expect(await ids(payments().list({ payerId: guest }, { size: 10 }))).toEqual(newest);
      expect(await ids(payments().list({ payeeId: host }, { size: 2 }))).toEqual(newest.slice(0, 2));
      expect(await ids(payments().list({ payeeId: host }, { size: 2, after: second as string }))).toEqual(
        newest.slice(2, 4),
      );
      expect(await ids(payments().list({ payerId: guest, status: 'completed' }, { size: 10 }))).toEqual([second]);
      expect(
        await ids(payments().list({ payerId: guest, status: 'pending' }, { size: 1, after: second as string })),
      ).toEqual([third]);
      expect(await payments().list({ payerId: newId() }, { size: 10 })).toEqual([]);
    });

    test('tell which of them changed since an instant', async () => {
      const [old, young] = [newId(), newId()];
      await take(old, request(old, newId()));
      await new Promise((resolve) => setTimeout(resolve, 20));
      const since = Date.now();
      await take(young, request(young, newId()));
      const changed: string[] = [];
      for await (const { id } of payments().changedSince(since)) changed.push(id);
      expect(changed).toContain(young);
      expect(changed).not.toContain(old);
    });
  });
}
