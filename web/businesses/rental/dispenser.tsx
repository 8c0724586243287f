import { getRouteApi } from '@tanstack/react-router';
import { Card } from '../../kit/card.tsx';
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
import { asAmount } from '../../text/money.ts';
import { Picture } from '../products/picture.tsx';
import { descriptionIn, WithProduct } from '../products/product.tsx';
import css from '../products/product.module.css';
import { text as productText } from '../products/text.ts';
import { Amounts, firstPayment } from './amounts.tsx';
import { Ready } from './ready.tsx';
import { text } from './text.ts';
import { lengths, usual, type DispenserSearch } from './wish.ts';

const route = getRouteApi('/rental/$productId');

/** A dispenser: its variants, how long it is rented, what is paid now and then, and the way to rent it. */
export function Dispenser() {
  const words = useTexts(text);
  const { productId } = route.useParams();
  const { variant = productId } = route.useSearch();
  return (
    <WithProduct
      kind="DISPENSER"
      productId={variant}
      title={words.title}
      toList={
        <Link to="/rental" look="primary">
          {words.toList}
        </Link>
      }
    >
      {(product, variants) => <DispenserOf product={product} variants={variants} />}
    </WithProduct>
  );
}

function DispenserOf({ product, variants }: { product: Product; variants: readonly Product[] }) {
  const words = useTexts(text);
  const { variants: variantsWord } = useTexts(productText);
  const { language } = useLanguage();
  const { money } = useFormats();
  const nameOf = useVariantName();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { productId } = route.useParams();
  const { months = usual } = search;
  const change = (next: DispenserSearch): void =>
    void navigate({ search: { ...search, ...next }, replace: true, resetScroll: false });
  const name = inLanguage(product.family || product.name, language);
  const fee = money(asAmount(product.monthlyFee));
  const go = (label: string) => (
    <Link
      to="/rental/$productId/order"
      params={{ productId: product.id }}
      search={{ months }}
      look="primary"
      large
      full
    >
      {label}
    </Link>
  );

  return (
    <Page
      title={name}
      hidden
      crumbs={[
        <Link key="list" to="/rental" look="bare">
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
                detail: `${money(asAmount(each.monthlyFee))} / ${words.perMonth}`,
                spot: colourOf(each.options?.colour ?? '').body,
              }))}
            />
          )}
          <Choices
            legend={words.months}
            name="months"
            columns={4}
            value={String(months)}
            onChange={(id) => change({ months: Number(id) })}
            choices={lengths.map((each) => ({ id: String(each), title: words.monthsOf(each) }))}
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
            <p className="muted small">{[nameOf(product), words.monthsOf(months)].join(' · ')}</p>
          </div>
          <p className={css.counted}>
            <span>
              <b className={css.big}>{fee}</b> <span className="muted">/ {words.perMonth}</span>
            </span>
            <Ready count={product.available} />
          </p>
          <Amounts product={product} months={months} total={firstPayment(product)} />
          {product.available === 0 && (
            <Notice tone="wait" title={words.waitingTitle}>
              {words.waitingText}
            </Notice>
          )}
          <Notice tone="good" title={words.atOnce}>
            {words.atOnceText}
          </Notice>
          <div className={css.go}>
            {go(words.go)}
            <p className="muted small">{words.goNote}</p>
          </div>
        </Card>
      </div>
      <div className={css.bar} data-sticky-action>
        <div>
          <b>
            {fee} <span className="muted small">/ {words.perMonth}</span>
          </b>
          <span className="muted small">
            {words.monthsOf(months)} · {words.now} {money(firstPayment(product))}
          </span>
        </div>
        <div>{go(words.goShort)}</div>
      </div>
    </Page>
  );
}
