import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { Icon } from '../../kit/icon.tsx';
import { Link } from '../../kit/link.tsx';
import { Page } from '../../kit/page.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { EmptyState, ErrorState } from '../../kit/state.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { Art } from '../art.tsx';
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
      <Form key={search.q} search={search} onSearch={(next) => void navigate({ search: next })} />
      {isError ? (
        <ErrorState onRetry={() => void refetch()} />
      ) : !cafes ? (
        <Waiting>
          <ul className={css.grid}>
            {[1, 2].map((each) => (
              <li key={each}>
                <Skeleton shape="box" />
                <Skeleton shape="title" />
                <Skeleton />
              </li>
            ))}
          </ul>
        </Waiting>
      ) : cafes.length === 0 ? (
        <EmptyState
          title={words.none}
          action={<Button onPress={() => void navigate({ search: {} })}>{words.clear}</Button>}
        >
          {words.noneText}
        </EmptyState>
      ) : (
        <>
          <p className={css.found} role="status">
            {words.found(cafes.length)}
          </p>
          <ul className={css.grid}>
            {cafes.map((cafe) => (
              <CafeCard key={cafe.id} cafe={cafe} search={search} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function Form({ search, onSearch }: { search: SeatSearch; onSearch(search: SeatSearch): void }) {
  const words = useTexts(text);
  const [q, setQ] = useState(search.q ?? '');
  return (
    <form
      role="search"
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        const { q: _, ...rest } = search;
        onSearch(q.trim() ? { ...rest, q: q.trim() } : rest);
      }}
    >
      <label className={css.where}>
        <span>{words.where}</span>
        <input value={q} onChange={({ target }) => setQ(target.value)} placeholder={words.anywhere} maxLength={100} />
      </label>
      <Button type="submit" look="primary" large icon="search">
        {words.find}
      </Button>
    </form>
  );
}

function CafeCard({ cafe, search }: { cafe: Cafe; search: SeatSearch }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { money } = useFormats();
  const stay = possible(search, cafe);
  const { data } = useQuery(seatsQuery(cafe.id, periodOf(possible({}, cafe), cafe.timeZone)));
  const isAlways = cafe.opens === '00:00' && cafe.closes === '24:00';
  const { q: _, ...kept } = search;
  return (
    <li>
      <Link
        to="/seating/$cafeId"
        params={{ cafeId: cafe.id }}
        search={search.day ? { ...kept, ...stay } : {}}
        look="bare"
        className={css.card}
      >
        <span className={css.art}>
          <Art of="seating" />
        </span>
        <span className={css.body}>
          <h2 className={css.name}>{inLanguage(cafe.name, language)}</h2>
          <span className="muted small">
            {cafe.address} · {isAlways ? words.allDay : words.openFrom(cafe.opens, cafe.closes)}
          </span>
          <span className={css.foot}>
            <span>
              <b className={css.price}>{money(cafe.pricePerHour)}</b>
              <span className="muted"> / {words.perHour}</span>
            </span>
            {data && (
              <span className={css.free}>
                <Icon name="seating" size="small" />
                {words.freeNow(data.seats.filter(isFree).length, data.seats.length)}
              </span>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}
