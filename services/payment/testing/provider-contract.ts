import { afterEach, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import type { LedgerEntry, Provider } from '../ports.ts';

/** A provider under test, and how it is made to misbehave. */
export interface Subject {
  provider(): Provider;
  mode(mode: 'NORMAL' | 'DECLINING' | 'DOWN' | 'LOSES_ANSWERS'): Promise<void>;
  /** Makes it answer 429, and `Retry-After: 1`, until the mode is set. What is no HTTP has none. */
  tooMany?(): Promise<void>;
}

/** What payment counts on with any provider. */
export function providerContract(name: string, { provider, mode, tooMany }: Subject): void {
  const amount = krw(50_000);
  const booked = async (key: string): Promise<Pick<LedgerEntry, 'type' | 'amount'>[]> => {
    const entries = [];
    for await (const { type, amount } of provider().ledger({ key })) entries.push({ type, amount });
    return entries;
  };
  const voided = { outcome: 'declined', reason: 'VOIDED' };

  describe(`${name} as a payment provider`, () => {
    afterEach(() => mode('NORMAL'));

    test('charges once per key, however often and however parallel it is asked', async () => {
      const key = newId();
      await Promise.all(Array.from({ length: 10 }, () => provider().charge({ key, amount })));
      expect(await provider().charge({ key, amount })).toEqual({ outcome: 'charged' });
      expect(await booked(key)).toEqual([{ type: 'CHARGE', amount }]);
    });
    test('does not charge a key for another amount', async () => {
      const key = newId();
      await provider().charge({ key, amount });
      await expect(provider().charge({ key, amount: krw(1) })).rejects.toThrow();
      expect(await booked(key)).toEqual([{ type: 'CHARGE', amount }]);
    });
    test('says no with a reason, and the same for ever', async () => {
      const key = newId();
      await mode('DECLINING');
      const answer = await provider().charge({ key, amount });
      expect(answer).toMatchObject({ outcome: 'declined', reason: 'CARD_DECLINED' });
      await mode('NORMAL');
      expect(await provider().charge({ key, amount })).toEqual(answer);
      expect(await provider().find(key)).toEqual(answer);
      expect(await booked(key)).toEqual([]);
    });
    test('knows what became of a key, and does not know one that it never heard of', async () => {
      const key = newId();
      expect(await provider().find(key)).toBeUndefined();
      await provider().charge({ key, amount });
      expect(await provider().find(key)).toEqual({ outcome: 'charged' });
    });
    test('charges another card of the order after a decline under a key of its own, and gives it back by the order (B5)', async () => {
      const key = newId();
      const second = `${key}-card-2`;
      await mode('DECLINING');
      expect(await provider().charge({ key, amount })).toMatchObject({ outcome: 'declined' });
      await mode('NORMAL');
      expect(await provider().find(second)).toBeUndefined();
      for (let time = 0; time < 2; time++)
        expect(await provider().charge({ key: second, amount })).toEqual({ outcome: 'charged' });
      expect(await provider().find(key)).toMatchObject({ outcome: 'declined' });
      expect(await provider().find(second)).toEqual({ outcome: 'charged' });
      expect(await provider().void({ key: second, amount })).toBe('charged');
      expect(await provider().refund({ key, refundKey: `${key}-refund`, amount })).toEqual({ outcome: 'refunded' });
      expect(await booked(key)).toEqual([
        { type: 'CHARGE', amount },
        { type: 'REFUND', amount },
      ]);
    });
    test('charges although its answer is lost, and tells when it is asked', async () => {
      const key = newId();
      await mode('LOSES_ANSWERS');
      await expect(provider().charge({ key, amount })).rejects.toThrow();
      expect(await provider().find(key)).toEqual({ outcome: 'charged' });
      expect(await booked(key)).toEqual([{ type: 'CHARGE', amount }]);
    });
    test('does nothing while it is down, and says so', async () => {
      const key = newId();
      await mode('DOWN');
      await expect(provider().charge({ key, amount })).rejects.toThrow();
      await expect(provider().find(key)).rejects.toThrow();
      await expect(provider().void({ key, amount })).rejects.toThrow();
      await expect(provider().refund({ key, refundKey: `${key}-refund`, amount })).rejects.toThrow();
      await mode('NORMAL');
      expect(await provider().find(key)).toBeUndefined();
      expect(await booked(key)).toEqual([]);
    });
    if (tooMany)
      test('does nothing when it is called too often, and says when to call again', async () => {
        const key = newId();
        await tooMany();
        const later = { name: 'TooManyCalls', comeBackMs: 1_000 };
        await expect(provider().charge({ key, amount })).rejects.toMatchObject(later);
        await expect(provider().find(key)).rejects.toMatchObject(later);
        await expect(provider().void({ key, amount })).rejects.toMatchObject(later);
        await expect(provider().refund({ key, refundKey: `${key}-refund`, amount })).rejects.toMatchObject(later);
        await mode('NORMAL');
        expect(await provider().find(key)).toBeUndefined();
        expect(await booked(key)).toEqual([]);
      });
    test('never charges a key that was voided', async () => {
      const key = newId();
      expect(await provider().void({ key, amount })).toBe('voided');
      expect(await provider().charge({ key, amount })).toMatchObject(voided);
      expect(await provider().find(key)).toMatchObject(voided);
      expect(await provider().void({ key, amount })).toBe('voided');
      expect(await booked(key)).toEqual([]);
    });
    test('does not void what it has charged, and says so', async () => {
      const key = newId();
      await provider().charge({ key, amount });
      expect(await provider().void({ key, amount })).toBe('charged');
      expect(await booked(key)).toEqual([{ type: 'CHARGE', amount }]);
    });
    test('voids or charges when both are asked at once, never both', async () => {
      const keys = Array.from({ length: 20 }, () => newId());
      for (const key of keys) {
        const [charge, shut] = await Promise.all([
          provider().charge({ key, amount }),
          provider().void({ key, amount }),
        ]);
        expect(shut).toBe(charge.outcome === 'charged' ? 'charged' : 'voided');
      }
    });
    test('refunds once per refund key, however often it is asked', async () => {
      const key = newId();
      const refund = { key, refundKey: `${key}-refund`, amount: krw(20_000) };
      await provider().charge({ key, amount });
      for (let time = 0; time < 3; time++) expect(await provider().refund(refund)).toEqual({ outcome: 'refunded' });
      expect(await booked(key)).toEqual([
        { type: 'CHARGE', amount },
        { type: 'REFUND', amount: krw(20_000) },
      ]);
    });
    test('refunds in parts, each once under a key of its own, and never more than it charged', async () => {
      const key = newId();
      const first = { key, refundKey: `${key}-refund`, amount: krw(20_000) };
      const second = { key, refundKey: `${key}-refund-after-20000`, amount: krw(30_000) };
      await provider().charge({ key, amount });
      for (const part of [first, second, first, second])
        expect(await provider().refund(part)).toEqual({ outcome: 'refunded' });
      expect(await provider().refund({ key, refundKey: `${key}-refund-after-50000`, amount: krw(1) })).toMatchObject({
        outcome: 'refused',
      });
      const refunds = (await booked(key)).filter(({ type }) => type === 'REFUND').map((entry) => entry.amount.amount);
      expect(refunds.sort()).toEqual([20_000, 30_000]);
    });
    test('refunds and voids although its answers are lost, once', async () => {
      const [charged, unheard] = [newId(), newId()];
      const refund = { key: charged, refundKey: `${charged}-refund`, amount };
      await provider().charge({ key: charged, amount });
      await mode('LOSES_ANSWERS');
      await expect(provider().refund(refund)).rejects.toThrow();
      expect(await provider().refund(refund)).toEqual({ outcome: 'refunded' });
      await expect(provider().void({ key: unheard, amount })).rejects.toThrow();
      expect(await provider().void({ key: unheard, amount })).toBe('voided');
      expect((await booked(charged)).length).toBe(2);
    });
    test('refuses for good to give back what it did not take', async () => {
      const [shut, charged] = [newId(), newId()];
      await provider().void({ key: shut, amount });
      expect(await provider().refund({ key: shut, refundKey: `${shut}-refund`, amount })).toMatchObject({
        outcome: 'refused',
      });
      await provider().charge({ key: charged, amount });
      expect(
        await provider().refund({ key: charged, refundKey: `${charged}-more`, amount: krw(50_001) }),
      ).toMatchObject({ outcome: 'refused' });
      expect(await booked(charged)).toEqual([{ type: 'CHARGE', amount }]);
    });
    test('lists what it booked since an instant', async () => {
      const key = newId();
      await provider().charge({ key, amount });
      const [entry] = await collected(provider().ledger({ key }));
      const at = entry?.at ?? 0;
      const keysSince = async (since: number) =>
        (await collected(provider().ledger({ since }))).map((found) => found.key);
      expect(await keysSince(at)).toContain(key);
      expect(await keysSince(at + 1_000)).not.toContain(key);
    });
  });
}

export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
