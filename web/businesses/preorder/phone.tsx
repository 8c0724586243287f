import { getRouteApi } from '@tanstack/react-router';
import { Card, Values } from '../../kit/card.tsx';
import { Stepper } from '../../kit/field.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Timeline } from '../../kit/timeline.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import type { Product } from '../products/api.ts';
import { Choices } from '../products/choices.tsx';
import { colourOf } from '../products/colours.ts';
import { useVariantName } from '../products/variant-name.ts';
import { asAmount, times } from '../../text/money.ts';
import { Picture } from '../products/picture.tsx';
import { descriptionIn, WithProduct } from '../products/product.tsx';
import css from '../products/product.module.css';
import { text as productText } from '../products/text.ts';
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
    <WithProduct
      kind="PHONE"
      productId={variant}
      title={words.title}
      toList={
        <Link to="/preorder" look="primary">
          {words.toList}
        </Link>
      }
    >
      {(product, variants) => <PhoneOf product={product} variants={variants} />}
    </WithProduct>
  );
}

function PhoneOf({ product, variants }: { product: Product; variants: readonly Product[] }) {
  const words = useTexts(text);
  const { variants: variantsWord } = useTexts(productText);
  const { language } = useLanguage();
  const { money, number } = useFormats();
  const nameOf = useVariantName();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { productId } = route.useParams();
  const { quantity = 1, fulfilment = 'DELIVERY' } = search;
  const change = (next: PhoneSearch): void =>
    void navigate({ search: { ...search, ...next }, replace: true, resetScroll: false });
  const name = inLanguage(product.family || product.name, language);
  const total = times(product.price, quantity);
  const canOrder = product.available >= quantity && !product.closed;
  const wish: PhoneSearch = {
    ...(quantity > 1 && { quantity }),
    ...(fulfilment === 'PICKUP' && { fulfilment }),
  };
  const go = (label: string) => (
    <Link to="/preorder/$productId/order" params={{ productId: product.id }} search={wish} look="primary" large full>
      {label}
    </Link>
  );

  return (
    <Page
      title={name}
      hidden
      crumbs={[
        <Link key="list" to="/preorder" look="bare">
          {words.title}
        </Link>,
      ]}
    >
      <div className={css.columns}>
        <div>
          <Picture product={product} large />
          <h1 tabIndex={-1} className={css.title}>
            {name}
          </h1>
          {product.description && <p className={`muted ${css.said}`}>{descriptionIn(product.description, language)}</p>}
          {variants.length > 1 && (
            <Choices
              legend={variantsWord}
              name="variant"
              value={product.id}
              onChange={(id) => change({ variant: id === productId ? undefined : id })}
              choices={variants.map((each) => ({
                id: each.id,
                title: nameOf(each),
                detail: (
                  <>
                    {each.price && money(each.price)}
                    <br />
                    {each.available ? words.leftShort(number(each.available)) : words.soldOut}
                  </>
                ),
                spot: colourOf(each.options?.colour ?? '').body,
              }))}
            />
          )}
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
          <Section title={words.how}>
            <Timeline
              label={words.how}
              steps={words.howSteps.map(([title, said]) => ({ state: 'todo', title, text: said }))}
            />
          </Section>
        </div>
        <Card as="aside" floats label={words.title} className={css.card}>
          <div>
            <h2>{name}</h2>
            <p className="muted small">
              {[nameOf(product), fulfilment === 'PICKUP' ? words.pickup : words.delivery].join(' · ')}
            </p>
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
          <Stepper
            label={words.quantity}
            value={quantity}
            onChange={(next) => change({ quantity: next > 1 ? next : undefined })}
            min={1}
            max={most}
          />
          <Values
            rows={[
              [quantity > 1 ? `${money(asAmount(product.price))} × ${quantity}` : words.price, money(total)],
              [words.now, money(times(product.price, 0))],
            ]}
            total={[words.total, money(total)]}
          />
          {canOrder ? (
            <Notice tone="good" title={words.payLater}>
              {words.payLaterText}
            </Notice>
          ) : (
            <Gone
              product={product}
              variants={variants}
              quantity={quantity}
              onQuantity={(next) => change({ quantity: next > 1 ? next : undefined })}
            />
          )}
          {canOrder && (
            <div className={css.go}>
              {go(words.go)}
              <p className="muted small">{words.goNote}</p>
            </div>
          )}
        </Card>
      </div>
      {canOrder && (
        <div className={css.bar} data-sticky-action>
          <div>
            <b>{money(total)}</b>
            <span className="muted small">
              {[words.phones(quantity), fulfilment === 'PICKUP' ? words.pickup : words.delivery].join(' · ')}
            </span>
          </div>
          <div>{go(words.goShort)}</div>
        </div>
      )}
    </Page>
  );
}
