import { minus, type Money } from '#kernel/money.ts';

/** What Jari keeps of a price (수수료). Stored in the payout when it is requested. */
export interface CommissionPolicy {
  version: string;
  /** 0–100. */
  percent: number;
}

/** The parts of a price. */
export interface Shares {
  commission: Money;
  net: Money;
}

/** The commission is rounded down to the minor unit, in the seller's favour; the seller has the rest, so the parts are the whole. */
export function share(gross: Money, { percent }: CommissionPolicy): Shares {
  const commission = { ...gross, amount: Math.floor((gross.amount * percent) / 100) };
  return { commission, net: minus(gross, commission) };
}

export const samplePolicy: CommissionPolicy = { version: 'sample-1', percent: 10 };
