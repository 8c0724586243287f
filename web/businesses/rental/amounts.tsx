import { useQuery } from '@tanstack/react-query';
import { Values } from '../../kit/card.tsx';
import { Link } from '../../kit/link.tsx';
import type { Money } from '../../text/formats.ts';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { asAmount, plus } from '../../text/money.ts';
import { inLanguage } from '../../text/names.ts';
import { here } from '../../text/zone.ts';
import { NotAvailable } from '../not-available.tsx';
import type { Product } from '../products/api.ts';
import type { RefundStep } from '../refunds.tsx';
import { quoteQuery, type Quote } from './api.ts';
import { text } from './text.ts';

export interface Terms {
  deposit: Money;
  monthlyFee: Money;
  /** What is paid with the order. */
  total: Money;
  /** What `RefundsCard` and `RefundsSection` show. */
  refunds: { steps: readonly RefundStep[] | undefined; zone: string; note: string; always: string };
  /** The quote, where it says that the dispenser cannot be had. */
  refused: Quote | undefined;
}

/** What a rental comes to. Without a quote the list's price counts; another one is refused before anything is stored. */
export function useTerms(product: Product, months: number): Terms {
  const words = useTexts(text);
  const { data: quote } = useQuery(quoteQuery(product.id, months));
  const [deposit, monthlyFee] = quote?.lines ?? [];
  return {
    deposit: deposit?.amount ?? asAmount(product.deposit),
    monthlyFee: monthlyFee?.amount ?? asAmount(product.monthlyFee),
    total: quote?.total ?? plus(product.deposit, product.monthlyFee),
    refunds: { steps: quote?.refundSteps, zone: here(), note: words.refundText, always: words.refundUntil },
    refused: quote?.available === false ? quote : undefined,
  };
}

/** What is paid now, and then. */
export function Amounts({ terms, months, total }: { terms: Terms; months: number; total: Money }) {
  const words = useTexts(text);
  const { money } = useFormats();
  const { monthlyFee, deposit } = terms;
  return (
    <div>
      <Values
        rows={[
          [words.first, money(monthlyFee)],
          ...(Number(deposit.units) > 0 ? [[words.deposit, money(deposit)] as const] : []),
        ]}
        total={[words.now, money(total)]}
      />
      <p className="muted small">{words.later(money(monthlyFee), months - 1)}</p>
    </div>
  );
}

/** It cannot be had: why, and others for as many months. */
export function Refused({ quote, months }: { quote: Quote; months: number }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { money } = useFormats();
  return (
    <NotAvailable
      reason={quote.reason}
      reasons={words.reasons}
      instead={quote.alternatives.map(({ productId, name, total }) => (
        <Link key={productId} to="/rental/$productId" params={{ productId }} search={{ months }} look="plain">
          {inLanguage(name, language)} · {money(asAmount(total))}
        </Link>
      ))}
    />
  );
}
