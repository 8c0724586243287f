import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from '../../kit/button.tsx';
import { Icon } from '../../kit/icon.tsx';
import { Page } from '../../kit/page.tsx';
import { EmptyState, ErrorState } from '../../kit/state.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { FindLine } from '../find-line.tsx';
import { Tile, Tiles, TilesWaiting } from '../tile.tsx';
import { cafesQuery, seatsQuery, type Cafe } from './api.ts';
import { isFree } from './seats.ts';
import css from './search.module.css';
import { text } from './text.ts';
import { periodOf, possible } from './times.ts';
import type { SeatSearch } from './wish.ts';

const route = getRouteApi('/seating');

/** Cafes, with how many seats are free now. */
export function Search() {
  const words = useTexts(text);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isError, refetch } = useQuery(cafesQuery);
  const wanted = (search.q ?? '').normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  const cafes = data?.cafes.filter(({ name, address, closed }) => {
    const said = `${name} ${address}`.normalize('NFC').toLowerCase();
    return !closed && wanted.every((word) => said.includes(word));
  });
  return (
    <Page title={words.title} lead={words.lead}>
      <FindLine
        label={words.where}
        placeholder={words.anywhere}
        find={words.find}
        words={search.q}
        onFind={(q) => void navigate({ search: { ...search, q } })}
      />
      {isError ? (
        <ErrorState onRetry={() => void refetch()} />
      ) : !cafes ? (
        <TilesWaiting count={2} />
      ) : cafes.length === 0 ? (
        <EmptyState
          title={words.none}
          action={<Button onPress={() => void navigate({ search: {} })}>{words.clear}</Button>}
        >
          {words.noneText}
        </EmptyState>
      ) : (
        <Tiles found={words.found(cafes.length)}>
          {cafes.map((cafe) => (
            <CafeTile key={cafe.id} cafe={cafe} search={search} />
          ))}
        </Tiles>
      )}
    </Page>
  );
}

function CafeTile({ cafe, search }: { cafe: Cafe; search: SeatSearch }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { money } = useFormats();
  const stay = possible(search, cafe);
  const { data } = useQuery(seatsQuery(cafe.id, periodOf(possible({}, cafe), cafe.timeZone)));
  const isAlways = cafe.opens === '00:00' && cafe.closes === '24:00';
  const { q: _, ...kept } = search;
  return (
    <Tile
      business="seating"
      to={`/seating/${cafe.id}`}
      search={search.day ? { ...kept, ...stay } : {}}
      name={inLanguage(cafe.name, language)}
      about={`${cafe.address} · ${isAlways ? words.allDay : words.openFrom(cafe.opens, cafe.closes)}`}
      price={money(cafe.pricePerHour)}
      per={words.perHour}
    >
      {data && (
        <span className={css.free}>
          <Icon name="seating" size="small" />
          {words.freeNow(data.seats.filter(isFree).length, data.seats.length)}
        </span>
      )}
    </Tile>
  );
}
