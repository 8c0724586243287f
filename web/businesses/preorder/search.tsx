import { getRouteApi } from '@tanstack/react-router';
import { useFormats, useTexts } from '../../text/language.ts';
import { asAmount } from '../../text/money.ts';
import { leftIn } from '../products/families.ts';
import { ProductSearch } from '../products/search.tsx';
import { text as productText } from '../products/text.ts';
import { Left } from './left.tsx';
import { text } from './text.ts';

const route = getRouteApi('/preorder');

/** Phones, with what is left of them. */
export function Search() {
  const words = useTexts(text);
  const { from } = useTexts(productText);
  const { money } = useFormats();
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ProductSearch
      business="preorder"
      title={words.title}
      lead={words.lead}
      q={q}
      onSearch={(next) => void navigate({ search: next ? { q: next } : {} })}
      offerOf={(family) => {
        const [first, ...more] = family.variants;
        const price = money(asAmount(first.price));
        return { price: more.length ? from(price) : price, left: <Left count={leftIn(family)} /> };
      }}
    />
  );
}
