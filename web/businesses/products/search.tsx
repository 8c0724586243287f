import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../../kit/button.tsx';
import { Page } from '../../kit/page.tsx';
import { EmptyState, ErrorState } from '../../kit/state.tsx';
import { useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { FindLine } from '../find-line.tsx';
import { pathOf } from '../registry.ts';
import { Tile, Tiles, TilesWaiting } from '../tile.tsx';
import { kinds, productsQuery, type ProductBusiness } from './api.ts';
import { colourName, colourOf } from './colours.ts';
import { familiesOf, type Family } from './families.ts';
import { Picture } from './picture.tsx';
import css from './search.module.css';
import { text } from './text.ts';

/** What a tile says of a family besides its name and variants. */
interface Offer {
  price: string;
  per?: string;
  /** How many are left, or how soon it comes. */
  left: ReactNode;
}

/** Products of one business, one tile for each family. */
export function ProductSearch({
  business,
  title,
  lead,
  q,
  onSearch,
  offerOf,
}: {
  business: ProductBusiness;
  title: string;
  lead: string;
  q: string | undefined;
  onSearch(q: string | undefined): void;
  offerOf(family: Family): Offer;
}) {
  const words = useTexts(text);
  const kind = kinds[business];
  const { data, isError, refetch } = useQuery(productsQuery(kind, q));
  const families = data && familiesOf(data);
  return (
    <Page title={title} lead={lead}>
      <FindLine label={words.what} placeholder={words.anything[kind]} find={words.find} words={q} onFind={onSearch} />
      {isError ? (
        <ErrorState onRetry={() => void refetch()} />
      ) : !families ? (
        <TilesWaiting count={3} />
      ) : families.length === 0 ? (
        <EmptyState title={words.none} action={<Button onPress={() => onSearch(undefined)}>{words.clear}</Button>}>
          {words.noneText}
        </EmptyState>
      ) : (
        <Tiles found={words.found(families.length)}>
          {families.map((family) => (
            <FamilyTile key={family.variants[0].id} {...{ business, family }} offer={offerOf(family)} />
          ))}
        </Tiles>
      )}
    </Page>
  );
}

function FamilyTile({ business, family, offer }: { business: ProductBusiness; family: Family; offer: Offer }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { name, variants } = family;
  const { left, ...price } = offer;
  const colours = [...new Set(variants.map(({ options }) => options?.colour ?? '').filter(Boolean))];
  const sizes = [...new Set(variants.map(({ options }) => options?.storage || options?.size).filter(Boolean))];
  return (
    <Tile
      {...{ business, ...price }}
      to={pathOf(business, variants[0].id)}
      picture={<Picture product={variants[0]} />}
      name={inLanguage(name, language)}
      about={
        [colours.length > 1 ? words.colours(colours.length) : colourName(colours[0] ?? '', language), ...sizes]
          .filter(Boolean)
          .join(' · ') || words.one
      }
      detail={
        <span className={css.dots} aria-hidden="true">
          {colours.map((colour) => (
            <i key={colour} style={{ background: colourOf(colour).body }} />
          ))}
        </span>
      }
    >
      {left}
    </Tile>
  );
}
