import { anywhere, wordsOf } from '#adapters/mikro-orm/search.ts';
import { stateFrom } from '#adapters/mikro-orm/state.ts';
import { mapDatabaseErrors, type Store, type Stored } from '#adapters/mikro-orm/store.ts';
import { minutes } from '#kernel/time.ts';
import type { Count } from '../kpis.ts';
import { orderView, type OrderUpdate, type OrderView, type ShownOrder } from '../order-view.ts';
import type { Filter, OrderViews } from '../ports.ts';
import { timelineLine, type Line, type AddLine } from '../timeline.ts';
import type { Whose } from '../visibility.ts';

export const orderViews: Stored<OrderView, OrderUpdate, OrderUpdate, never, never> = {
  ...orderView,
  encode: (nothing) => nothing, // a read model tells nobody
};

export const timelineLines: Stored<Line, AddLine, AddLine, never, never> = {
  ...timelineLine,
  encode: (nothing) => nothing,
};

/** A piece of SQL and what its question marks stand for. */
interface Condition {
  sql: string;
  values: readonly unknown[];
}

const condition = (sql: string, ...values: readonly unknown[]): Condition => ({ sql, values });

const select = <Row>(store: Store, { sql, values }: Condition): Promise<Row[]> =>
  mapDatabaseErrors(() => store.read().execute<Row[]>(sql, [...values]));

/** As `list` of the port, each with its version. */
export async function listed(
  store: Store,
  ...[whose, viewerId, filter, { size, after }]: Parameters<OrderViews['list']>
): Promise<{ id: string; version: number; state: ShownOrder }[]> {
  const wanted = [...matching(filter), ...(after ? [condition('id < ?', after)] : [])];
  // A part for each way of being concerned: each is read in the order of an index, and stops at the page's end.
  const parts = concerning(whose, viewerId).map((concern) => newestOf([concern, ...wanted], size));
  const rows = await select<{ version: number; state: string }>(store, {
    sql: `select version, state::text from (${parts.map(({ sql }) => `(${sql})`).join(' union all ')}) part order by id desc limit ${size}`,
    values: parts.flatMap(({ values }) => values),
  });
  return rows.map(({ version, state: row }) => {
    const state = { ...(stateFrom(orderViews, row) as ShownOrder), timeline: [] };
    return { id: state.head.order.id, version, state };
  });
}

export function storedOrderViews(store: Store): OrderViews {
  return {
    get: async (id) => (await store.get(orderViews, id))?.state,

    async before(orderId, { at, id }, size) {
      const found = await store.where(
        timelineLines,
        'before',
        'where order_id = $1 and (at, id) < ($2, $3) order by at desc, kept.id desc limit $4',
        [orderId, at, id, size],
      );
      return found.flatMap(({ state }) => (state.status === 'kept' ? [state.entry] : []));
    },

    list: async (...asked) => (await listed(store, ...asked)).map(({ state }) => state),

    async count({ from, to }) {
      const wanted = all([
        condition('requested_at is not null'),
        ...(from === undefined ? [] : [condition('requested_at >= ?', from)]),
        ...(to === undefined ? [] : [condition('requested_at < ?', to)]),
      ]);
      const rows = await select<Record<keyof Count, string>>(store, {
        sql: `select kind, count(*)::text requested, count(*) filter (where confirmed)::text confirmed, count(*) filter (where paid)::text paid,
            count(*) filter (where paid or declined)::text decided
          from order_view where ${wanted.sql} group by kind order by kind`,
        values: wanted.values,
      });
      return rows.map(({ kind, requested, confirmed, paid, decided }) => ({
        kind,
        requested: Number(requested),
        confirmed: Number(confirmed),
        paid: Number(paid),
        decided: Number(decided),
      }));
    },
  };
}

function concerning(whose: Whose, viewerId: string): readonly Condition[] {
  const ordered = condition('customer_id = ?', viewerId);
  const provided = condition('provider_id = ?', viewerId);
  switch (whose) {
    case 'all':
      return [condition('kind is not null')];
    case 'ordered':
      return [ordered];
    case 'provided':
      return [provided];
    case 'ordered-or-provided':
      return [ordered, all([provided, condition('customer_id <> ?', viewerId)])];
  }
}

/** A minute past its deadline, which one for a free cancellation is not; or ten minutes in a state in which only services have to act. */
const stuck = `phase in ('RECEIVED', 'WAITING', 'ACTIVE', 'CANCELLING') and extract(epoch from now()) * 1000 >= least(
  case when state #>> '{head,deadline,what}' <> 'FREE_CANCELLATION_UNTIL' then (state #>> '{head,deadline,at}')::bigint + ${minutes(1)} end,
  case when state #>> '{head,next,who}' = 'NOBODY' and state #>> '{head,next,what}' <> 'REVIEW' then (state #>> '{head,updateTime}')::bigint + ${minutes(10)} end)`;

const matching = ({ kind, phase, attributes, text, stuck: isStuck }: Filter): Condition[] => [
  ...(kind ? [condition('kind = ?', kind)] : []),
  ...(phase ? [condition('phase = ?', phase)] : []),
  ...attributes.map(({ name, value }) => condition('attributes @> ?::jsonb', JSON.stringify({ [name]: value }))),
  ...wordsOf(text).map((word) => condition('search like folded(?)', anywhere(word))),
  ...(isStuck ? [condition(stuck)] : []),
];

function newestOf(conditions: readonly Condition[], size: number): Condition {
  const { sql, values } = all(conditions);
  return {
    sql: `select id, version, state - 'timeline' state from order_view where ${sql} order by id desc limit ${size}`,
    values,
  };
}

const all = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.map(({ sql }) => sql).join(' and '),
  values: conditions.flatMap(({ values }) => values),
});
