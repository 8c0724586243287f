import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { answered, api } from '../../api/api.ts';
import { useKept } from '../../api/form-key.ts';
import { Card } from '../../kit/card.tsx';
import { Field } from '../../kit/field.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { OrderFoot, OrderForm, useOrder } from '../order-form.tsx';
import type { Product } from '../products/api.ts';
import { useLater } from '../products/later.ts';
import { useVariantName } from '../products/variant-name.ts';
import { asAmount } from '../../text/money.ts';
import { Picture } from '../products/picture.tsx';
import { WithProduct } from '../products/product.tsx';
import css from '../products/product.module.css';
import { Amounts, firstPayment } from './amounts.tsx';
import { text } from './text.ts';
import { usual } from './wish.ts';

const route = getRouteApi('/rental/$productId/order');

/** The last look before the payment. What was chosen stands in the address, what was entered in the browser: both outlive a reload. */
export function Order() {
  const words = useTexts(text);
  const { productId } = route.useParams();
  const search = route.useSearch();
  return (
    <WithProduct
      kind="DISPENSER"
      productId={productId}
      title={words.orderTitle}
      toList={
        <Link to="/rental" look="primary">
          {words.toList}
        </Link>
      }
    >
      {(product) => (
        <Page
          narrow
          title={words.orderTitle}
          lead={words.orderLead}
          crumbs={[
            <Link key="list" to="/rental" look="bare">
              {words.title}
            </Link>,
            <Link key="dispenser" to="/rental/$productId" params={{ productId }} search={search} look="bare">
              {words.product}
            </Link>,
          ]}
        >
          <DispenserOrder key={`${product.id} ${search.months}`} product={product} months={search.months ?? usual} />
        </Page>
      )}
    </WithProduct>
  );
}

function DispenserOrder({ product, months }: { product: Product; months: number }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { money } = useFormats();
  const nameOf = useVariantName();
  const [address, setAddress] = useKept<string>('address', '');
  const [isTried, setTried] = useState(false);
  const order = useOrder({
    form: `rental ${product.id} ${months}`,
    total: firstPayment(product),
    send: (agreedTotal, key) =>
      answered(
        api.POST('/v1/rentals', {
          params: { header: { 'Idempotency-Key': key } },
          body: {
            ...{ productId: product.id, months, address: address.trim() },
            agreedTotal: asAmount(agreedTotal),
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

  return (
    <OrderForm order={{ ...order, submit }}>
      <Card className={css.summary}>
        <Picture product={product} />
        <div>
          <span className="muted small">{nameOf(product)}</span>
          <h2>{inLanguage(product.family || product.name, language)}</h2>
          <p className="muted small">
            {words.monthsOf(months)} · {words.monthly} {money(asAmount(product.monthlyFee))}
          </p>
        </div>
      </Card>
      <Card as="section" label={words.where}>
        <h2 className={css.part}>{words.where}</h2>
        <div className={css.field}>
          <Field
            label={words.address}
            hint={words.addressHint}
            value={address}
            onChange={setAddress}
            maxLength={500}
            autoComplete="street-address"
            error={isTried && !address.trim() ? words.addressFirst : undefined}
          />
        </div>
      </Card>
      <Card>
        <Amounts product={product} months={months} total={order.total} />
      </Card>
      {product.available === 0 && !order.isPending && !order.isDone && (
        <Notice live tone="wait" title={words.waitingTitle}>
          {words.waitingText}
        </Notice>
      )}
      <Notice tone="good" title={words.atOnce}>
        {words.atOnceText}
      </Notice>
      <OrderFoot
        order={order}
        agree={words.agree}
        label={later ?? (order.isNewTotal ? words.agreeNew(amount) : words.pay(amount))}
        reasons={words.reasons}
        isDisabled={later !== undefined}
      />
    </OrderForm>
  );
}
