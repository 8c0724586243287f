import { getRouteApi } from '@tanstack/react-router';
import { useFormats, useTexts } from '../../text/language.ts';
import { asAmount } from '../../text/money.ts';
import { leftIn } from '../products/families.ts';
import { ProductSearch } from '../products/search.tsx';
import { text as productText } from '../products/text.ts';
import { Ready } from './ready.tsx';
import { text } from './text.ts';

const route = getRouteApi('/rental');

/** Water dispensers, with their monthly fee and how soon they come. */
export function Search() {
  const words = useTexts(text);
  const { from } = useTexts(productText);
  const { money } = useFormats();
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ProductSearch
      business="rental"
      title={words.title}
      lead={words.lead}
      q={q}
      onSearch={(next) => void navigate({ search: next ? { q: next } : {} })}
      offerOf={(family) => {
        const [first, ...more] = family.variants;
        const isOnePrice = more.every(({ monthlyFee }) => monthlyFee?.units === first.monthlyFee?.units);
        const fee = money(asAmount(first.monthlyFee));
        return { price: isOnePrice ? fee : from(fee), per: words.perMonth, left: <Ready count={leftIn(family)} /> };
      }}
    />
  );
}
