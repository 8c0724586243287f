import { getRouteApi } from '@tanstack/react-router';
import { Link } from '../../kit/link.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { leftIn } from '../products/families.ts';
import { asAmount } from '../../text/money.ts';
import { ProductSearch } from '../products/search.tsx';
import css from '../products/search.module.css';
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
      kind="PHONE"
      title={words.title}
      lead={words.lead}
      q={q}
      onSearch={(next) => void navigate({ search: next ? { q: next } : {} })}
      card={(family, content) => {
        const [first, ...more] = family.variants;
        return (
          <Link to="/preorder/$productId" params={{ productId: first.id }} look="bare" className={css.card}>
            {content}
            <span className={css.foot}>
              <span>
                <b>{more.length ? from(money(asAmount(first.price))) : money(asAmount(first.price))}</b>
              </span>
              <Left count={leftIn(family)} />
            </span>
          </Link>
        );
      }}
    />
  );
}
