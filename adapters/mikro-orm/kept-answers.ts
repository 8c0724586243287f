import type { Pool } from 'pg';
import { KeyTaken, type KeptAnswers, type KeyedCall, type KeptRefusal } from '#adapters/rpc/idempotency.ts';
import { withoutTimeout, withTimeout } from './database.ts';
import { batched } from './batched.ts';
import type { PreparedPool } from './sessions.ts';
import { mapDatabaseErrors } from './store.ts';

interface Row {
  fingerprint: string;
  response: Buffer | null;
  refusal: string | null;
}

const name = ({ caller, method, key }: KeyedCall): string => `${caller} ${method} ${key}`;

/** Answers are written by the store, in the transaction of their effect; here they are read, and refusals (without effect) added. */
export const mikroOrmKeptAnswers = (pool: PreparedPool): KeptAnswers => {
  const read = batched(name, async (calls: readonly KeyedCall[]) => {
    const query = withTimeout({
      name: 'kept-answer-find',
      text: `select caller, method, key, fingerprint, response, refusal::text from kept_answer
        where (caller, method, key) in (select * from unnest($1::text[], $2::text[], $3::text[]))`,
      values: [calls.map(({ caller }) => caller), calls.map(({ method }) => method), calls.map(({ key }) => key)],
    });
    const { rows } = await pool.query<Row & KeyedCall>(query);
    return new Map(rows.map((row) => [name(row), row]));
  });
  return {
    find: (call) =>
      mapDatabaseErrors(async () => {
        const row = await read(call);
        if (!row) return undefined;
        const { fingerprint, response, refusal } = row;
        return response
          ? { fingerprint, response }
          : { fingerprint, refusal: JSON.parse(refusal ?? '{}') as KeptRefusal };
      }),
    keepRefusal: ({ caller, method, key }, fingerprint, refusal) =>
      mapDatabaseErrors(async () => {
        const { rowCount } = await pool.query(
          withTimeout({
            name: 'kept-answer-refusal',
            text: `insert into kept_answer (caller, method, key, fingerprint, refusal, created_at) values ($1, $2, $3, $4, $5, now())
            on conflict do nothing`,
            values: [caller, method, key, fingerprint, JSON.stringify(refusal)],
          }),
        );
        if (!rowCount) throw new KeyTaken();
      }),
  };
};

/** Forgets answers that nobody will ask for again: a key holds for at least a day. */
export async function forgetOldAnswers(pool: Pool): Promise<void> {
  await withoutTimeout(pool, (client) =>
    client.query(`delete from kept_answer where created_at < now() - interval '48 hours'`),
  );
}
