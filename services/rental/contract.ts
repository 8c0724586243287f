import type { Money } from '#kernel/money.ts';
import { samplePolicy, type CancellationPolicy } from './policy.ts';
import type { Product } from './product.ts';

/** What a customer asks for. */
export interface Wish {
  customerId: string;
  productId: string;
  months: number;
  address: string;
  /** The card to charge; by default the default one. */
  paymentMethodId?: string | undefined;
}

/** What was asked for and at which terms; fixed before it is paid. */
export interface Contract extends Wish {
  title: string;
  monthlyFee: Money;
  deposit: Money;
  policy: CancellationPolicy;
  /** Slots of the customer's limit that it occupies until it is paid or given up. */
  slots: readonly string[];
}

export function contractFor(
  wish: Wish,
  product: Product | undefined,
): Contract | 'no-such-product' | 'not-a-dispenser' | 'not-on-sale' {
  if (!product) return 'no-such-product';
  if (!product.isDispenser) return 'not-a-dispenser';
  if (product.isClosed) return 'not-on-sale';
  const { name, monthlyFee, deposit } = product;
  return { ...wish, title: `${name} · ${wish.months} months`, monthlyFee, deposit, policy: samplePolicy, slots: [] };
}

/** What is charged before a rental is accepted (접수): deposit and first month. */
export const firstPayment = ({ deposit, monthlyFee }: Contract): Money => ({
  ...monthlyFee,
  amount: monthlyFee.amount + deposit.amount,
});
