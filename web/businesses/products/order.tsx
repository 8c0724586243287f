import type { ReactNode } from 'react';
import { Card } from '../../kit/card.tsx';
import { Field } from '../../kit/field.tsx';
import { Link } from '../../kit/link.tsx';
import { Page } from '../../kit/page.tsx';
import { useLanguage } from '../../text/language.ts';
import { listPathOf, pathOf } from '../registry.ts';
import type { Product, ProductBusiness } from './api.ts';
import css from './order.module.css';
import { Picture } from './picture.tsx';
import { familyName, WithProduct } from './product.tsx';
import { useVariantName } from './variant-name.ts';

/** What the order of a product stands in: the way back to it, and the product once it is there. */
export function ProductOrder({
  business,
  productId,
  search,
  words,
  children,
}: {
  business: ProductBusiness;
  productId: string;
  /** What was chosen, for the way back. */
  search: object;
  words: { title: string; product: string; toList: string; orderTitle: string; orderLead: string };
  children(product: Product, variants: readonly Product[]): ReactNode;
}) {
  return (
    <WithProduct {...{ business, productId }} title={words.orderTitle} toList={words.toList}>
      {(product, variants) => (
        <Page
          narrow
          title={words.orderTitle}
          lead={words.orderLead}
          crumbs={[
            <Link key="list" to={listPathOf(business)} look="bare">
              {words.title}
            </Link>,
            <Link key="product" to={pathOf(business, productId)} search={search} look="bare">
              {words.product}
            </Link>,
          ]}
        >
          {children(product, variants)}
        </Page>
      )}
    </WithProduct>
  );
}

/** What is ordered; `children`: how many, or how long. */
export function Summary({ product, children }: { product: Product; children: ReactNode }) {
  const { language } = useLanguage();
  const nameOf = useVariantName();
  return (
    <Card className={css.summary}>
      <Picture product={product} />
      <div>
        <span className="muted small">{nameOf(product)}</span>
        <h2>{familyName(product, language)}</h2>
        <p className="muted small">{children}</p>
      </div>
    </Card>
  );
}

/** Where the product is sent. `isTried`: the form was sent, so an empty address is told. */
export const Address = ({
  words,
  value,
  onChange,
  isTried,
}: {
  words: { address: string; addressHint: string; addressFirst: string };
  value: string;
  onChange(address: string): void;
  isTried: boolean;
}) => (
  <div className={css.field}>
    <Field
      label={words.address}
      hint={words.addressHint}
      value={value}
      onChange={onChange}
      maxLength={500}
      autoComplete="street-address"
      error={isTried && !value.trim() ? words.addressFirst : undefined}
    />
  </div>
);
