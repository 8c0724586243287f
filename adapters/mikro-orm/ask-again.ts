import { askAgain } from '#kernel/asking.ts';

/** A migration: the orders in `table` that wait get the timer by which they ask again, spread over ten minutes. */
export const askAgainFrom = (table: string, which: string): string =>
  `insert into timer (id, aggregate, aggregate_id, name, due_at)
    select gen_random_uuid(), '${table}', id, '${askAgain}', now() + random() * interval '10 minutes' from "${table}" where ${which}
    on conflict do nothing`;
