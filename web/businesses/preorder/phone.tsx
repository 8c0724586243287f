import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Values } from '../../kit/card.tsx';
import { Stepper } from '../../kit/field.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { Beside } from '../beside.tsx';
import type { Product } from '../products/api.ts';
import { Choices } from '../products/choices.tsx';
import { useVariantName } from '../products/variant-name.ts';
import { asAmount, times } from '../../text/money.ts';
import { familyName, ProductPage, WithProduct } from '../products/product.tsx';
import css from '../products/product.module.css';
import { quoteQuery } from './api.ts';
import { Gone } from './gone.tsx';
import { Left } from './left.tsx';
import { text } from './text.ts';
import { most, type PhoneSearch } from './wish.ts';

const route = getRouteApi('/preorder/$productId');

/** A phone: its variants, what is left, how it is received, and the way to pre-order it. */
export function Phone() {
  const words = useTexts(text);
  const { productId } = route.useParams();
  const { variant = productId } = route.useSearch();
  return (
    <WithProduct business="preorder" productId={variant} title={words.title} toList={words.toList}>
      {(product, variants) => <PhoneOf product={product} variants={variants} />}
    </WithProduct>
  );
}

function PhoneOf({ product, variants }: { product: Product; variants: readonly Product[] }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { money, number } = useFormats();
  const nameOf = useVariantName();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { productId } = route.useParams();
  const { quantity = 1, fulfilment = 'DELIVERY' } = search;
  const change = (next: PhoneSearch): void =>
    void navigate({ search: { ...search, ...next }, replace: true, resetScroll: false });
  const changeQuantity = (next: number): void => change({ quantity: next > 1 ? next : undefined });
  const { data: quote } = useQuery(quoteQuery(product.id, quantity));
  const total = quote?.total ?? times(product.price, quantity);
  const unitPrice = quote?.lines[0]?.unitPrice ?? asAmount(product.price);
  const canOrder = product.available >= quantity && quote?.available !== false;
  const wish: PhoneSearch = {
    ...(quantity > 1 && { quantity }),
    ...(fulfilment === 'PICKUP' && { fulfilment }),
  };
  const go = (label: string) => (
    <Link to="/preorder/$productId/order" params={{ productId: product.id }} search={wish} look="primary" large full>
      {label}
    </Link>
  );
  const method = fulfilment === 'PICKUP' ? words.pickup : words.delivery;

  return (
    <ProductPage
      business="preorder"
      {...{ product, variants, words }}
      detailOf={(each) => (
        <>
          {each.price && money(each.price)}
          <br />
          {each.available ? words.leftShort(number(each.available)) : words.soldOut}
        </>
      )}
      onVariant={(id) => change({ variant: id === productId ? undefined : id })}
      choices={
        <Choices
          legend={words.method}
          name="fulfilment"
          columns={2}
          value={fulfilment}
          onChange={(id) => change({ fulfilment: id === 'PICKUP' ? id : undefined })}
          choices={[
            { id: 'DELIVERY', title: words.delivery, detail: words.deliveryText, icon: 'truck' },
            { id: 'PICKUP', title: words.pickup, detail: words.pickupText, icon: 'home' },
          ]}
        />
      }
      beside={
        <Beside
          label={words.title}
          go={canOrder && go(words.go)}
          goShort={go(words.goShort)}
          note={words.goNote}
          short={money(total)}
          shortDetail={[words.phones(quantity), method].join(' · ')}
        >
          <div>
            <h2 className={css.head}>{familyName(product, language)}</h2>
            <p className="muted small">{[nameOf(product), method].join(' · ')}</p>
          </div>
          <p className={css.counted} role="status">
            {product.available > 0 && (
              <span>
                <b className={css.big}>{words.left(number(product.available))}</b>{' '}
                <span className="muted">{words.leftAfter}</span>
              </span>
            )}
            {product.available <= 10 && <Left count={product.available} />}
          </p>
          <Stepper label={words.quantity} value={quantity} onChange={changeQuantity} min={1} max={most} />
          <Values
            rows={[
              [quantity > 1 ? `${money(unitPrice)} × ${quantity}` : words.price, money(total)],
              [words.now, money(times(product.price, 0))],
            ]}
            total={[words.total, money(total)]}
          />
          {canOrder ? (
            <Notice tone="good" title={words.payLater}>
              {words.payLaterText}
            </Notice>
          ) : (
            <Gone {...{ product, quantity, quote }} onQuantity={changeQuantity} />
          )}
        </Beside>
      }
    />
  );
}
