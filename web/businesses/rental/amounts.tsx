import { Values } from '../../kit/card.tsx';
import type { Money } from '../../text/formats.ts';
import { useFormats, useTexts } from '../../text/language.ts';
import type { Product } from '../products/api.ts';
import { asAmount, plus } from '../../text/money.ts';
import { text } from './text.ts';

/** What is paid with the order: the deposit and the first month. */
export const firstPayment = ({ deposit, monthlyFee }: Product) => plus(deposit, monthlyFee);

/** What is paid now, and then. */
export function Amounts({ product, months, total }: { product: Product; months: number; total: Money }) {
  const words = useTexts(text);
  const { money } = useFormats();
  const { monthlyFee, deposit } = product;
  const hasDeposit = Number(deposit?.units ?? 0) > 0;
  return (
    <div>
      <Values
        rows={[
          [words.first, money(asAmount(monthlyFee))],
          ...(hasDeposit ? [[words.deposit, money(asAmount(deposit))] as const] : []),
        ]}
        total={[words.now, money(total)]}
      />
      <p className="muted small">{words.later(money(asAmount(monthlyFee)), months - 1)}</p>
    </div>
  );
}
