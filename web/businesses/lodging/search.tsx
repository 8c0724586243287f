import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from '../../kit/button.tsx';
import { Page } from '../../kit/page.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { EmptyState, ErrorState } from '../../kit/state.tsx';
import { useTexts } from '../../text/language.ts';
import { staysQuery, takenQuery, type Stay } from './api.ts';
import { SearchForm } from './search-form.tsx';
import css from './search.module.css';
import { StayCard } from './stay-card.tsx';
import { text } from './text.ts';
import type { StaySearch } from './wish.ts';

const route = getRouteApi('/lodging');

/** Rooms for the dates, guests and place in the address. */
export function Search() {
  const words = useTexts(text);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { stays, failed, retry } = useFreeStays(search);
  const hasDates = search.check_in !== undefined;
  const clear = () => void navigate({ search: {} });

  return (
    <Page title={words.title} lead={hasDates ? words.lead : words.leadAnyTime}>
      <SearchForm key={JSON.stringify(search)} search={search} onSearch={(next) => void navigate({ search: next })} />
      {failed ? (
        <ErrorState onRetry={retry} />
      ) : !stays ? (
        <Waiting>
          <ul className={css.grid}>
            {[1, 2, 3, 4, 5, 6].map((each) => (
              <li key={each}>
                <Skeleton shape="box" className={css.picture} />
                <Skeleton shape="title" />
                <Skeleton />
              </li>
            ))}
          </ul>
        </Waiting>
      ) : stays.length === 0 ? (
        <EmptyState title={words.none} action={<Button onPress={clear}>{words.clear}</Button>}>
          {words.noneText}
        </EmptyState>
      ) : (
        <>
          <p className={css.found} role="status">
            {words.found(stays.length)}
          </p>
          <ul className={css.grid}>
            {stays.map((stay) => (
              <StayCard key={stay.room.id} stay={stay} search={search} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

/** What fits, and is free in all nights. */
function useFreeStays({ check_in, check_out, guests = 1, q = '' }: StaySearch): {
  stays: readonly Stay[] | undefined;
  failed: boolean;
  retry(): void;
} {
  const all = useQuery(staysQuery);
  const wanted = q.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = all.data?.filter(({ room, property }) => {
    const said = `${room.name} ${property.name} ${property.address}`.normalize('NFC').toLowerCase();
    return room.capacity >= guests && wanted.every((word) => said.includes(word));
  });
  const taken = useQueries({
    queries: (check_in && check_out ? (fitting ?? []) : []).map(({ room }) =>
      takenQuery(room.id, check_in ?? '', check_out ?? ''),
    ),
  });
  const failed = all.isError || taken.some(({ isError }) => isError);
  const retry = () => {
    void all.refetch();
    for (const each of taken) if (each.isError) void each.refetch();
  };
  if (!fitting || taken.some(({ isPending }) => isPending)) return { stays: undefined, failed, retry };
  return { stays: check_in ? fitting.filter((_, index) => taken[index]?.data?.size === 0) : fitting, failed, retry };
}
