import { useQuery } from '@tanstack/react-query';
import { Button } from '../../kit/button.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { productsQuery, type Product } from '../products/api.ts';
import { colourOf } from '../products/colours.ts';
import { useVariantName } from '../products/variant-name.ts';
import css from './gone.module.css';
import { Left } from './left.tsx';
import { text } from './text.ts';

/** Not enough is left: what did not happen, and what can be had instead. */
export function Gone({
  product,
  variants,
  quantity,
  asked = false,
  onQuantity,
}: {
  product: Product;
  variants: readonly Product[];
  quantity: number;
  /** It was to be ordered: says that nothing was. */
  asked?: boolean;
  onQuantity(quantity: number): void;
}) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { number } = useFormats();
  const nameOf = useVariantName();
  const { data: all = [] } = useQuery(productsQuery('PHONE'));
  const { available } = product;
  const canTake = (each: Product): boolean => each.available >= quantity && each.id !== product.id && !each.closed;
  const siblings = variants.filter(canTake);
  const offers = siblings.length ? siblings : all.filter(canTake).slice(0, 3);
  const titleOf = (): string => (available ? words.goneFewer(number(available)) : asked ? words.gone : words.soldOut);
  return (
    <Notice live tone="wait" icon="ban" title={titleOf()}>
      {asked ? words.goneText : !available && words.soldOutText} {siblings.length > 0 && words.goneOthers}
      <div className={css.others}>
        {available > 0 && <Button onPress={() => onQuantity(available)}>{words.takeLeft(number(available))}</Button>}
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
            <span>{siblings.length ? nameOf(each) : inLanguage(each.name, language)}</span>
            <Left count={each.available} />
          </Link>
        ))}
        {!available && offers.length === 0 && <Link to="/preorder">{words.others}</Link>}
      </div>
    </Notice>
  );
}
