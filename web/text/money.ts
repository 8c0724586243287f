import type { Money } from './formats.ts';

/** An amount as the API takes one. */
export interface Amount extends Money {
  units: string;
  nanos: number;
}

export const nothing: Amount = { currencyCode: 'KRW', units: '0', nanos: 0 };

/** So many times an amount, whole units; of one that is absent it is nothing. */
export const times = ({ currencyCode, units }: Money = nothing, count: number): Amount => ({
  currencyCode,
  units: String(Number(units) * count),
  nanos: 0,
});

export const asAmount = (amount: Money | undefined): Amount => times(amount, 1);

export const plus = (one: Money | undefined, other: Money | undefined): Amount => ({
  ...asAmount(one ?? other),
  units: String(Number(one?.units ?? 0) + Number(other?.units ?? 0)),
});
