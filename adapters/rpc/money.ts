import type { Money } from '#kernel/money.ts';
import type { Money as ProtoMoney } from '#proto/google/type/money.ts';

/** To google.type.Money; KRW has no minor unit, so units are the amount. */
export const toProto = ({ amount, currency }: Money): ProtoMoney => ({
  currencyCode: currency,
  units: BigInt(amount),
  nanos: 0,
});

/** From google.type.Money, as the protos' rules let it pass; a missing one is a fault of the sender. */
export function fromProto(money: ProtoMoney | undefined): Money {
  if (!money) throw new TypeError('an amount of money is missing');
  return { amount: Number(money.units), currency: money.currencyCode };
}
