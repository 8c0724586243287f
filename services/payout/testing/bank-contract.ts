import { describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import type { Transfer } from '../payout.ts';
import type { Bank, BankEntry } from '../ports.ts';

export interface OpenedBank {
  bank: Bank;
  mode(mode: 'NORMAL' | 'DECLINING' | 'DOWN' | 'LOSES_ANSWERS'): Promise<unknown> | void;
  booked(orderId: string): Promise<readonly BankEntry[]> | readonly BankEntry[];
}

/** What payout counts on, whoever the bank is. */
export function bankContract(name: string, opened: () => OpenedBank): void {
  const transfer = (key: string): Transfer => ({
    key,
    amount: krw(45_000),
    to: { bank: '국민', number: '123-456', holder: 'Kim' },
  });
  const send = (key: string) => opened().bank.transfer(key, transfer(key));

  describe(`transfers by ${name}`, () => {
    test('are made once per key, to the account that is named', async () => {
      const key = newId();
      expect(await opened().bank.find(key)).toBeUndefined();
      expect(await Promise.all([send(key), send(key)])).toEqual([
        { outcome: 'transferred' },
        { outcome: 'transferred' },
      ]);
      expect(await opened().bank.find(key)).toEqual({ outcome: 'transferred' });
      expect(await opened().booked(key)).toMatchObject([
        { orderId: key, amount: krw(45_000), account: '국민 123-456 Kim' },
      ]);
    });

    test('that are refused stay refused', async () => {
      const key = newId();
      await opened().mode('DECLINING');
      expect(await send(key)).toEqual({ outcome: 'refused', reason: 'ACCOUNT_REFUSED' });
      await opened().mode('NORMAL');
      expect(await send(key)).toEqual({ outcome: 'refused', reason: 'ACCOUNT_REFUSED' });
      expect(await opened().booked(key)).toEqual([]);
    });

    test('whose answer is lost were made, and can be found', async () => {
      const key = newId();
      await opened().mode('LOSES_ANSWERS');
      await expect(send(key)).rejects.toThrow();
      expect(await opened().bank.find(key)).toEqual({ outcome: 'transferred' });
      await opened().mode('NORMAL');
      expect(await opened().booked(key)).toHaveLength(1);
    });

    test('are not made while it is down', async () => {
      const key = newId();
      await opened().mode('DOWN');
      await expect(send(key)).rejects.toThrow();
      await opened().mode('NORMAL');
      expect(await opened().booked(key)).toEqual([]);
    });

    test('can be shut off, for good; too late once they are made', async () => {
      const [shut, made] = [newId(), newId()];
      expect([await opened().bank.void(shut), await opened().bank.void(shut)]).toEqual(['voided', 'voided']);
      expect(await send(shut)).toEqual({ outcome: 'refused', reason: 'VOIDED' });
      await send(made);
      expect(await opened().bank.void(made)).toBe('transferred');
      expect(await opened().booked(shut)).toEqual([]);
    });
  });
}
