import type { Instant } from '#kernel/time.ts';
import type { Bank, BankAnswer, BankEntry } from '../ports.ts';

/** A bank in memory with books of its own. Passes the contract of the sandbox. */
export interface FakeBank extends Bank {
  /** LOSES_ANSWERS: transfers, then throws. */
  mode: 'NORMAL' | 'DECLINING' | 'DOWN' | 'LOSES_ANSWERS';
  readonly entries: readonly BankEntry[];
}

export function fakeBank(now: () => Instant): FakeBank {
  const answers = new Map<string, BankAnswer>();
  const entries: BankEntry[] = [];
  const reach = (): void => {
    if (bank.mode === 'DOWN') throw new Error('the bank is down');
  };
  /** The same answer for ever; only the first can be lost. */
  const answered = (key: string, decide: () => BankAnswer): BankAnswer => {
    reach();
    const known = answers.get(key);
    if (known) return known;
    const answer = decide();
    answers.set(key, answer);
    if (bank.mode === 'LOSES_ANSWERS') throw new Error('the answer was lost');
    return answer;
  };
  const bank: FakeBank = {
    mode: 'NORMAL',
    entries,
    async transfer(orderId, { key, amount, to }) {
      return answered(key, () => {
        if (bank.mode === 'DECLINING') return { outcome: 'refused', reason: 'ACCOUNT_REFUSED' };
        entries.push({ orderId, amount, account: `${to.bank} ${to.number} ${to.holder}`, at: now() });
        return { outcome: 'transferred' };
      });
    },
    async find(key) {
      reach();
      return answers.get(key);
    },
    async void(key) {
      return answered(key, () => ({ outcome: 'refused', reason: 'VOIDED' })).outcome === 'transferred'
        ? 'transferred'
        : 'voided';
    },
  };
  return bank;
}
