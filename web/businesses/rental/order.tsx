import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { answered, api } from '../../api/api.ts';
import { useKept } from '../../api/form-key.ts';
import { Card } from '../../kit/card.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { asAmount } from '../../text/money.ts';
import { CardChoice, useCard } from '../card-choice.tsx';
import { OrderFoot, OrderForm, useOrder } from '../order-form.tsx';
import type { Product } from '../products/api.ts';
import { useLater } from '../products/later.ts';
import { Address, ProductOrder, Summary } from '../products/order.tsx';
import css from '../products/order.module.css';
import { RefundsCard } from '../refunds.tsx';
import { Amounts, Refused, useTerms } from './amounts.tsx';
import { text } from './text.ts';
import { usual } from './wish.ts';

const route = getRouteApi('/rental/$productId/order');

/** The last look before the payment. What was chosen stands in the address, what was entered in the browser: both outlive a reload. */
export function Order() {
  const words = useTexts(text);
  const { productId } = route.useParams();
  const search = route.useSearch();
  return (
    <ProductOrder business="rental" {...{ productId, search, words }}>
      {(product) => (
        <DispenserOrder key={`${product.id} ${search.months}`} product={product} months={search.months ?? usual} />
      )}
    </ProductOrder>
  );
}

function DispenserOrder({ product, months }: { product: Product; months: number }) {
  const words = useTexts(text);
  const { money } = useFormats();
  const [address, setAddress] = useKept<string>('address', '');
  const [isTried, setTried] = useState(false);
  const card = useCard();
  const terms = useTerms(product, months);
  const order = useOrder({
    form: `rental ${product.id} ${months}`,
    total: terms.total,
    send: (agreedTotal, key) =>
      answered(
        api.POST('/v1/rentals', {
          params: { header: { 'Idempotency-Key': key } },
          body: {
            ...{ productId: product.id, months, address: address.trim() },
            agreedTotal: asAmount(agreedTotal),
            ...(card.id && { paymentMethodId: card.id }),
          },
        }),
      ),
    changes: ['products'],
  });
  const later = useLater(order.error);
  const submit = (): void => {
    setTried(true);
    if (address.trim() && !later) order.submit();
  };
  const amount = money(order.total);
  const refused = order.isPending || order.isDone ? undefined : terms.refused;

  return (
    <OrderForm order={{ ...order, submit }}>
      <Summary product={product}>
        {words.monthsOf(months)} · {words.monthly} {money(terms.monthlyFee)}
      </Summary>
      {refused ? (
        <Refused quote={refused} months={months} />
      ) : (
        <>
          <Card as="section" label={words.where}>
            <h2 className={css.part}>{words.where}</h2>
            <Address {...{ words, isTried }} value={address} onChange={setAddress} />
          </Card>
          <Card>
            <Amounts terms={terms} months={months} total={order.total} />
          </Card>
          {product.available === 0 && !order.isPending && !order.isDone && (
            <Notice live tone="wait" title={words.waitingTitle}>
              {words.waitingText}
            </Notice>
          )}
          <RefundsCard {...terms.refunds} />
          <Notice tone="good" title={words.atOnce}>
            {words.atOnceText}
          </Notice>
          <CardChoice card={card} />
          <OrderFoot
            order={order}
            agree={words.agree}
            label={later ?? (order.isNewTotal ? words.agreeNew(amount) : words.pay(amount))}
            reasons={words.reasons}
            isDisabled={later !== undefined}
          />
        </>
      )}
    </OrderForm>
  );
}
