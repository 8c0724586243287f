import { getRouteApi } from '@tanstack/react-router';
import { Link } from '../../kit/link.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { leftIn } from '../products/families.ts';
import { asAmount } from '../../text/money.ts';
import { ProductSearch } from '../products/search.tsx';
import css from '../products/search.module.css';
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
      kind="DISPENSER"
      title={words.title}
      lead={words.lead}
      q={q}
      onSearch={(next) => void navigate({ search: next ? { q: next } : {} })}
      card={(family, content) => {
        const [first, ...more] = family.variants;
        const dearest = more.at(-1)?.monthlyFee?.units ?? first.monthlyFee?.units;
        const fee = money(asAmount(first.monthlyFee));
        return (
          <Link to="/rental/$productId" params={{ productId: first.id }} look="bare" className={css.card}>
            {content}
            <span className={css.foot}>
              <span>
                <b>{dearest === first.monthlyFee?.units ? fee : from(fee)}</b>
                <span className="muted small"> / {words.perMonth}</span>
              </span>
              <Ready count={leftIn(family)} />
            </span>
          </Link>
        );
      }}
    />
  );
}
