import { getRouteApi } from '@tanstack/react-router';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { Beside } from '../beside.tsx';
import type { Product } from '../products/api.ts';
import { Choices } from '../products/choices.tsx';
import { useVariantName } from '../products/variant-name.ts';
import { asAmount } from '../../text/money.ts';
import { familyName, ProductPage, WithProduct } from '../products/product.tsx';
import css from '../products/product.module.css';
import { RefundsSection } from '../refunds.tsx';
import { Amounts, Refused, useTerms } from './amounts.tsx';
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
    <WithProduct business="rental" productId={variant} title={words.title} toList={words.toList}>
      {(product, variants) => <DispenserOf product={product} variants={variants} />}
    </WithProduct>
  );
}

function DispenserOf({ product, variants }: { product: Product; variants: readonly Product[] }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { money } = useFormats();
  const nameOf = useVariantName();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { productId } = route.useParams();
  const { months = usual } = search;
  const change = (next: DispenserSearch): void =>
    void navigate({ search: { ...search, ...next }, replace: true, resetScroll: false });
  const terms = useTerms(product, months);
  const fee = money(terms.monthlyFee);
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
    <ProductPage
      business="rental"
      {...{ product, variants, words }}
      detailOf={(each) => `${money(asAmount(each.monthlyFee))} / ${words.perMonth}`}
      onVariant={(id) => change({ variant: id === productId ? undefined : id })}
      choices={
        <>
          <Choices
            legend={words.months}
            name="months"
            columns={4}
            value={String(months)}
            onChange={(id) => change({ months: Number(id) })}
            choices={lengths.map((each) => ({ id: String(each), title: words.monthsOf(each) }))}
          />
          <RefundsSection {...terms.refunds} />
        </>
      }
      beside={
        <Beside
          label={words.title}
          go={!terms.refused && go(words.go)}
          goShort={go(words.goShort)}
          note={words.goNote}
          short={
            <>
              {fee} <span className="muted small">/ {words.perMonth}</span>
            </>
          }
          shortDetail={`${words.monthsOf(months)} · ${words.now} ${money(terms.total)}`}
        >
          <div>
            <h2 className={css.head}>{familyName(product, language)}</h2>
            <p className="muted small">{[nameOf(product), words.monthsOf(months)].join(' · ')}</p>
          </div>
          <p className={css.counted}>
            <span>
              <b className={css.big}>{fee}</b> <span className="muted">/ {words.perMonth}</span>
            </span>
            <Ready count={product.available} />
          </p>
          <Amounts terms={terms} months={months} total={terms.total} />
          {terms.refused ? (
            <Refused quote={terms.refused} months={months} />
          ) : (
            <>
              {product.available === 0 && (
                <Notice tone="wait" title={words.waitingTitle}>
                  {words.waitingText}
                </Notice>
              )}
              <Notice tone="good" title={words.atOnce}>
                {words.atOnceText}
              </Notice>
            </>
          )}
        </Beside>
      }
    />
  );
}
