import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { answered, api } from '../../api/api.ts';
import { useKept } from '../../api/form-key.ts';
import { Card, Values } from '../../kit/card.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { asAmount, times } from '../../text/money.ts';
import { here } from '../../text/zone.ts';
import { OrderFoot, OrderForm, useOrder } from '../order-form.tsx';
import type { Product } from '../products/api.ts';
import { Address, ProductOrder, Summary } from '../products/order.tsx';
import css from '../products/order.module.css';
import { useLater } from '../products/later.ts';
import { quoteQuery } from './api.ts';
import { Gone } from './gone.tsx';
import { readPlace, writePlace } from './map.ts';
import { text } from './text.ts';

const route = getRouteApi('/preorder/$productId/order');
/** The list of cities and the map are the heaviest of the page; the rest is there before them. */
const PlaceChoice = lazy(async () => ({ default: (await import('./place-choice.tsx')).PlaceChoice }));

/** The last look before the pre-order. What was chosen stands in the address, what was entered in the browser: both outlive a reload. */
export function Order() {
  const words = useTexts(text);
  const { productId } = route.useParams();
  const search = route.useSearch();
  return (
    <ProductOrder business="preorder" {...{ productId, search, words }}>
      {(product) => (
        <PhoneOrder
          key={`${product.id} ${search.quantity} ${search.fulfilment}`}
          product={product}
          quantity={search.quantity ?? 1}
          fulfilment={search.fulfilment ?? 'DELIVERY'}
        />
      )}
    </ProductOrder>
  );
}

function PhoneOrder({
  product,
  quantity,
  fulfilment,
}: {
  product: Product;
  quantity: number;
  fulfilment: 'DELIVERY' | 'PICKUP';
}) {
  const words = useTexts(text);
  const { money, dateTime } = useFormats();
  const navigate = route.useNavigate();
  const [kept, keep] = useKept<string>('place', '');
  const [address, setAddress] = useKept<string>('address', '');
  const [isTried, setTried] = useState(false);
  const place = readPlace(kept);
  const needsAddress = fulfilment === 'DELIVERY';
  const { data: quote } = useQuery(quoteQuery(product.id, quantity));
  const order = useOrder({
    form: `preorder ${product.id} ${quantity} ${fulfilment}`,
    // Without an answer the price of the list counts; another one is refused before anything is stored.
    total: quote?.total ?? times(product.price, quantity),
    send: (agreedTotal, key) =>
      answered(
        api.POST('/v1/preorders', {
          params: { header: { 'Idempotency-Key': key } },
          body: {
            productId: product.id,
            ...{ quantity, fulfilment, location: place! },
            address: needsAddress ? address.trim() : '',
            agreedTotal: asAmount(agreedTotal),
          },
        }),
      ),
    changes: ['products'],
  });
  const later = useLater(order.error);
  const isGone = quote?.available === false && !order.isPending && !order.isDone;
  const unitPrice = quote?.lines[0]?.unitPrice ?? asAmount(product.price);
  const isComplete = place !== undefined && (!needsAddress || address.trim() !== '');
  const submit = (): void => {
    setTried(true);
    if (isComplete && !later) order.submit();
  };

  return (
    <OrderForm order={{ ...order, submit }}>
      <Summary product={product}>
        {[words.phones(quantity), needsAddress ? words.delivery : words.pickup].join(' · ')}
      </Summary>
      {isGone ? (
        <Gone
          {...{ product, quantity, quote }}
          asked
          onQuantity={(next) =>
            void navigate({
              search: { ...(next > 1 && { quantity: next }), ...(!needsAddress && { fulfilment: 'PICKUP' }) },
              replace: true,
            })
          }
        />
      ) : (
        <>
          <Card as="section" label={words.where}>
            <h2 className={css.part}>{words.where}</h2>
            <p className={`muted small ${css.hint}`}>{words.whereText}</p>
            <Suspense
              fallback={
                <Waiting>
                  <Skeleton shape="box" />
                </Waiting>
              }
            >
              <PlaceChoice
                place={place}
                onChange={(next) => keep(writePlace(next))}
                error={isTried && !place ? words.placeFirst : undefined}
              />
            </Suspense>
            {needsAddress && <Address {...{ words, isTried }} value={address} onChange={setAddress} />}
          </Card>
          <Card>
            <Values
              rows={[
                [`${money(unitPrice)} × ${quantity}`, money(order.total)],
                [words.now, money(times(product.price, 0))],
              ]}
              total={[words.total, money(order.total)]}
            />
          </Card>
          <Notice tone="good" title={words.payLater}>
            {words.payLaterText}
          </Notice>
          <OrderFoot
            order={order}
            agree={words.agree}
            label={later ?? (order.isNewTotal ? words.agreeNew(money(order.total)) : words.send)}
            heldUntil={quote?.holdUntil && dateTime(quote.holdUntil, here())}
            reasons={words.reasons}
            isDisabled={later !== undefined}
          />
        </>
      )}
    </OrderForm>
  );
}
