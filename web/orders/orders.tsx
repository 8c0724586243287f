import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError } from '../api/http.ts';
import { useLive } from '../api/live.ts';
import { signInPath } from '../api/session.ts';
import { Button } from '../kit/button.tsx';
import { Card } from '../kit/card.tsx';
import { Link } from '../kit/link.tsx';
import { Page } from '../kit/page.tsx';
import { Segment } from '../kit/segment.tsx';
import { Select } from '../kit/select.tsx';
import { SignInFirst } from '../kit/sign-in-first.tsx';
import { Skeleton, Waiting } from '../kit/skeleton.tsx';
import { EmptyState, ErrorState } from '../kit/state.tsx';
import { useFormats, useTexts, useWords } from '../text/language.ts';
import { businessOfKind, type Order } from './kinds.ts';
import { Live } from './live.tsx';
import { NextOrders } from './next.tsx';
import css from './orders.module.css';
import { ordersQuery } from './queries.ts';
import { OrderRow } from './row.tsx';
import { kinds, shows, type OrdersSearch, type Show } from './search.ts';
import { isIn, isOver, nextOf, startOf } from './shown.ts';
import { text } from './text.ts';

/** My orders, over all businesses. */
export function Orders() {
  const words = useTexts(text);
  const { kind = '', show = 'all' } = useSearch({ from: '/orders' });
  const live = useLive();
  const query = useInfiniteQuery(ordersQuery(kind));
  const orders = query.data?.pages.flatMap((page) => page.orders);
  const shown = orders?.filter((order) => isIn(show, order));
  // A page may hold none of the phase that is looked for.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (shown?.length === 0 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [shown?.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (query.error instanceof ApiError && query.error.status === 401 && !orders)
    return <SignInFirst href={signInPath()}>{words.signInText}</SignInFirst>;
  return (
    <Page title={words.title} lead={words.lead} aside={orders?.length ? <Live state={live} /> : undefined}>
      {orders && !kind && show === 'all' && <Next orders={orders} />}
      {(orders?.length || kind) && <Filters orders={orders ?? []} isWhole={!hasNextPage} kind={kind} show={show} />}
      {shown?.length ? (
        <Groups orders={shown} />
      ) : query.isError && !orders ? (
        <ErrorState onRetry={() => void query.refetch()} />
      ) : !shown || isFetchingNextPage ? (
        <Waiting>
          <Rows />
        </Waiting>
      ) : kind || show !== 'all' ? (
        <NoMatch />
      ) : (
        <Empty />
      )}
      {shown?.length && hasNextPage ? (
        <p className={css.more}>
          <Button busy={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            {words.more}
          </Button>
        </p>
      ) : null}
    </Page>
  );
}

function Next({ orders }: { orders: readonly Order[] }) {
  const [now] = useState(Date.now);
  return <NextOrders orders={nextOf(orders, now)} now={now} />;
}

function Filters({
  orders,
  isWhole,
  kind,
  show,
}: {
  orders: readonly Order[];
  isWhole: boolean;
  kind: string;
  show: Show;
}) {
  const words = useTexts(text);
  const { business } = useWords();
  const { number } = useFormats();
  const navigate = useNavigate({ from: '/orders' });
  const go = (search: OrdersSearch): void => void navigate({ search, replace: true, resetScroll: false });
  const pieces = shows.map((id) => ({
    id,
    label: words.shows[id],
    ...(isWhole && { count: number(orders.filter((order) => isIn(id, order)).length) }),
  }));
  const name = (each: string): string => business[businessOfKind(each)?.name ?? 'lodging'];
  return (
    <div className={css.filters}>
      <Segment
        label={words.filter}
        chips
        pieces={pieces}
        value={show}
        onChange={(id) => go({ kind: kind || undefined, show: id === 'all' ? undefined : (id as Show) })}
      />
      <div className={css.kind}>
        <Select
          label={words.kind}
          plain
          options={[{ id: 'all', label: words.every }, ...kinds.map((each) => ({ id: each, label: name(each) }))]}
          value={kind || 'all'}
          onChange={(id) => go({ show: show === 'all' ? undefined : show, kind: id === 'all' ? undefined : id })}
        />
      </div>
    </div>
  );
}

function Groups({ orders }: { orders: readonly Order[] }) {
  const words = useTexts(text);
  const [today] = useState(() => new Date().toDateString());
  const isToday = (order: Order): boolean => new Date(startOf(order) ?? 0).toDateString() === today;
  const open = orders.filter((order) => !isOver(order));
  const groups = [
    { title: words.today, list: open.filter(isToday) },
    { title: words.open, list: open.filter((order) => !isToday(order)) },
    { title: words.past, list: orders.filter(isOver) },
  ];
  return groups
    .filter(({ list }) => list.length)
    .map(({ title, list }) => (
      <section key={title} className={css.group}>
        <h2>{title}</h2>
        <Card flush>
          <ul aria-label={title}>
            {list.map((order) => (
              <OrderRow key={order.id} order={order} />
            ))}
          </ul>
        </Card>
      </section>
    ));
}

const Rows = () => (
  <Card flush className={css.waiting}>
    {[1, 2, 3, 4].map((row) => (
      <div key={row}>
        <Skeleton shape="title" />
        <Skeleton />
      </div>
    ))}
  </Card>
);

function Empty() {
  const words = useTexts(text);
  return (
    <Card>
      <EmptyState
        title={words.empty}
        action={
          <Link to="/" look="primary">
            {words.explore}
          </Link>
        }
      >
        {words.emptyText}
      </EmptyState>
    </Card>
  );
}

function NoMatch() {
  const words = useTexts(text);
  return (
    <Card>
      <EmptyState
        title={words.noMatch}
        action={
          <Link to="/orders" search={{}} look="plain">
            {words.clear}
          </Link>
        }
      >
        {words.noMatchText}
      </EmptyState>
    </Card>
  );
}
