import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from '../../kit/link.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Skeleton } from '../../kit/skeleton.tsx';
import { Timeline } from '../../kit/timeline.tsx';
import { useLanguage, useTexts, type Language } from '../../text/language.ts';
import { inLanguage, linesInLanguage } from '../../text/names.ts';
import { NotThere } from '../not-there.tsx';
import { listPathOf } from '../registry.ts';
import { kinds, productQuery, productsQuery, type Product, type ProductBusiness } from './api.ts';
import { Choices } from './choices.tsx';
import { colourOf } from './colours.ts';
import { variantsOf } from './families.ts';
import { Picture } from './picture.tsx';
import css from './product.module.css';
import { text } from './text.ts';
import { useVariantName } from './variant-name.ts';

/** Asks for a product and the others of its family; says so while they come, or when there is none. */
export function WithProduct({
  business,
  productId,
  title,
  toList,
  children,
}: {
  business: ProductBusiness;
  productId: string;
  title: string;
  /** On the way to all products. */
  toList: string;
  children(product: Product, variants: readonly Product[]): ReactNode;
}) {
  const { missing, missingText } = useTexts(text);
  const kind = kinds[business];
  const { data: all } = useQuery(productsQuery(kind));
  const known = all?.find(({ id }) => id === productId);
  const { data = known, error, refetch } = useQuery(productQuery(productId));
  if (data?.kind === kind) return children(data, variantsOf(data, all ?? []));
  return (
    <NotThere
      {...{ business, title, error }}
      {...(data && { isMissing: true })}
      words={{ missing, missingText, toList }}
      onRetry={() => void refetch()}
    >
      <div className={css.columns}>
        <div className="stack">
          <Skeleton shape="box" className={css.ghost} />
          <Skeleton shape="title" />
          <Skeleton />
        </div>
        <Skeleton shape="box" className={css.ghost} />
      </div>
    </NotThere>
  );
}

/** A product: its picture, its variants and what else is chosen, how it goes on, and beside them the way to the order. */
export function ProductPage({
  business,
  product,
  variants,
  detailOf,
  onVariant,
  words,
  choices,
  beside,
}: {
  business: ProductBusiness;
  product: Product;
  variants: readonly Product[];
  /** What a variant costs, and what is left of it. */
  detailOf(variant: Product): ReactNode;
  onVariant(id: string): void;
  words: { title: string; how: string; howSteps: readonly (readonly [title: string, said: string])[] };
  choices: ReactNode;
  beside: ReactNode;
}) {
  const { variants: variantsWord } = useTexts(text);
  const { language } = useLanguage();
  const nameOf = useVariantName();
  const name = familyName(product, language);
  return (
    <Page
      title={name}
      hidden
      crumbs={[
        <Link key="list" to={listPathOf(business)} look="bare">
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
          {product.description && (
            <p className={`muted ${css.said}`}>{linesInLanguage(product.description, language)}</p>
          )}
          {variants.length > 1 && (
            <Choices
              legend={variantsWord}
              name="variant"
              value={product.id}
              onChange={onVariant}
              choices={variants.map((each) => ({
                id: each.id,
                title: nameOf(each),
                detail: detailOf(each),
                spot: colourOf(each.options?.colour ?? '').body,
              }))}
            />
          )}
          {choices}
          <Section title={words.how}>
            <Timeline
              label={words.how}
              steps={words.howSteps.map(([title, said]) => ({ state: 'todo', title, text: said }))}
            />
          </Section>
        </div>
        {beside}
      </div>
    </Page>
  );
}

export const familyName = ({ family, name }: Product, language: Language): string =>
  inLanguage(family || name, language);
