import { Art } from '../businesses/art.tsx';
import { pathOf } from '../businesses/registry.ts';
import { classes } from '../kit/classes.ts';
import { Link } from '../kit/link.tsx';
import { Tag } from '../kit/tag.tsx';
import { useFormats, useLanguage, useTexts, useWords } from '../text/language.ts';
import { inLanguage } from '../text/names.ts';
import css from './home.module.css';
import type { Listing } from './listings.ts';
import { text } from './text.ts';

export function ListingCard({ listing, wide }: { listing: Listing; wide: boolean }) {
  const words = useTexts(text);
  const { business: names } = useWords();
  const { language } = useLanguage();
  const { money } = useFormats();
  const { business, id, name, place, price, per, size, left, instant } = listing;
  const details = [
    inLanguage(place, language),
    size !== undefined && (per === 'night' ? words.upTo(size) : words.minutes(size)),
  ].filter(Boolean);
  const content = (
    <>
      <span className={css.art}>
        <Art of={business} />
      </span>
      <span className={css.body}>
        <span className="muted small">{names[business]}</span>
        <h2>{inLanguage(name, language)}</h2>
        {details.length > 0 && <span className="muted small">{details.join(' · ')}</span>}
        <span className={css.foot}>
          <span>
            <b>{money(price)}</b>
            {per !== 'once' && <span className="muted"> / {words.per[per]}</span>}
          </span>
          {instant && (
            <Tag tone="good" icon="check">
              {words.instant}
            </Tag>
          )}
          {left !== undefined &&
            (left === 0 ? (
              <Tag>{words.soldOut}</Tag>
            ) : left <= 10 ? (
              <Tag tone="wait">{words.left(left)}</Tag>
            ) : (
              <Tag tone="good">{words.inStock}</Tag>
            ))}
        </span>
      </span>
    </>
  );
  return (
    <li className={classes(css[business], wide && css.wide)}>
      <Link to={pathOf(business, id)} look="bare" className={css.card}>
        {content}
      </Link>
    </li>
  );
}
