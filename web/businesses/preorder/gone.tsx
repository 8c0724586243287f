import { useQuery } from '@tanstack/react-query';
import { Button } from '../../kit/button.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { productsQuery, type Product } from '../products/api.ts';
import { colourOf } from '../products/colours.ts';
import { useVariantName } from '../products/variant-name.ts';
import { NotAvailable } from '../not-available.tsx';
import type { Quote } from './api.ts';
import css from './gone.module.css';
import { Left } from './left.tsx';
import { text } from './text.ts';

interface GoneProps {
  product: Product;
  quantity: number;
  /** Undefined while it is not known. */
  quote: Quote | undefined;
  /** It was to be ordered: says that nothing was. */
  asked?: boolean;
  onQuantity(quantity: number): void;
}

/** It cannot be had: what did not happen, and what can be had instead. */
export function Gone(props: GoneProps) {
  const { others, reasons } = useTexts(text);
  if (props.quote?.reason !== 'NOT_ON_SALE') return <NotEnough {...props} />;
  const toOthers = (
    <Link key="others" to="/preorder" look="plain">
      {others}
    </Link>
  );
  return <NotAvailable reason={props.quote.reason} reasons={reasons} instead={[toOthers]} />;
}

function NotEnough({ product, quantity, quote, asked = false, onQuantity }: GoneProps) {
  const { alternatives = [] } = quote ?? {};
  const words = useTexts(text);
  const { language } = useLanguage();
  const { number } = useFormats();
  const nameOf = useVariantName();
  const { data: all = [] } = useQuery(productsQuery('PHONE'));
  const fewer = alternatives.find(({ productId }) => productId === product.id)?.quantity ?? 0;
  const variants = alternatives.flatMap(({ productId }) =>
    all.filter(({ id }) => id === productId && id !== product.id),
  );
  const canTake = (each: Product): boolean => each.available >= quantity && each.id !== product.id && !each.closed;
  const offers = variants.length > 0 ? variants : all.filter(canTake).slice(0, 3);
  return (
    <Notice
      live
      tone="wait"
      icon="ban"
      title={fewer ? words.goneFewer(number(fewer)) : asked ? words.gone : words.soldOut}
    >
      {asked ? words.goneText : !fewer && words.soldOutText} {variants.length > 0 && words.goneOthers}
      <div className={css.others}>
        {fewer > 0 && <Button onPress={() => onQuantity(fewer)}>{words.takeLeft(number(fewer))}</Button>}
        {offers.map((each) => (
          <Link
            key={each.id}
            to="/preorder/$productId"
            params={{ productId: each.id }}
            search={quantity > 1 ? { quantity } : {}}
            look="bare"
            className={css.other}
          >
            <i style={{ background: colourOf(each.options?.colour ?? '').body }} />
            <span>{variants.length > 0 ? nameOf(each) : inLanguage(each.name, language)}</span>
            <Left count={each.available} />
          </Link>
        ))}
        {!fewer && offers.length === 0 && <Link to="/preorder">{words.others}</Link>}
      </div>
    </Notice>
  );
}
