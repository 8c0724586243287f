import { sql } from 'kysely';
import type { Database } from '#adapters/mikro-orm/database.ts';
import { platformTables, run } from '#adapters/mikro-orm/queries.ts';
import { mapDatabaseErrors } from '#adapters/mikro-orm/store.ts';

/** What somebody with power over others' things did, or tried to. */
export interface Act {
  /** UUIDv7 of the act. */
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  caller: string;
  roles: readonly string[];
  /** `/jari.payment.v1.PaymentService/RefundPayment` */
  method: string;
  /** The request's fields as JSON, with what is personal masked. */
  request: string;
  address: string;
  correlationId: string;
}

/** What came of it: OK, or a gRPC status with its reason. */
export interface Ending {
  outcome: string;
  reason: string;
  /** Each aggregate that it changed, before and after, as JSON with what is personal masked. */
  changes: readonly { aggregate: string; id: string; before: string; after: string }[];
}

/** A recorded call. Without an ending its outcome is unknown: the process died during the call. */
export interface Entry extends Act {
  number: bigint;
  hash: string;
  ending: Ending | undefined;
}

/** The trail of one service: only added to, each row chained to the one before by its hash. */
export interface Trail {
  /** Resolves once the act is on record. What cannot be recorded must not be done. */
  begin(act: Act): Promise<void>;
  end(id: string, ending: Ending): Promise<void>;
  /** Newest first, those before the act of that id. */
  list(page: { after?: string; size: number }): Promise<Entry[]>;
  /** Looks at every row; `broken` is the number of the first that is not as it was written, or follows one that is missing. */
  verify(): Promise<{ rows: bigint; broken: bigint | undefined }>;
}

/** Written in the query itself, as in the condition of the index. */
const [begun, ended] = [sql.lit('begun'), sql.lit('ended')];

export function trailIn(database: Pick<Database, 'pool' | 'orm'>): Trail {
  const { pool } = database;
  const append = (id: string, kind: 'begun' | 'ended', content: object): Promise<void> =>
    mapDatabaseErrors(
      async () => void (await pool.query('select audit_append($1, $2, $3)', [id, kind, JSON.stringify(content)])),
    );
  return {
    begin: ({ id, ...act }) => append(id, 'begun', { id, ...act }),
    end: (id, ending) => append(id, 'ended', ending),

    async list({ after, size }) {
      const acts = platformTables(database)
        .selectFrom('audit as act')
        .select(({ selectFrom }) => [
          ...(['act.number', 'act.hash', 'act.content'] as const),
          selectFrom('audit as end')
            .select('end.content')
            .whereRef('end.act', '=', 'act.act')
            .where('end.kind', '=', ended)
            .limit(1)
            .as('ending'),
        ])
        .where('act.kind', '=', begun)
        .orderBy('act.number', 'desc')
        .limit(size);
      const page =
        after === undefined
          ? acts
          : acts.where('act.number', '<', ({ selectFrom }) =>
              selectFrom('audit').select('number').where('act', '=', after).where('kind', '=', begun),
            );
      const rows = await run(database, page);
      return rows.map(({ number, hash, content, ending }) => ({
        ...(JSON.parse(content) as Act),
        number: BigInt(number),
        hash,
        ending: ending === null ? undefined : (JSON.parse(ending) as Ending),
      }));
    },

    verify: () =>
      mapDatabaseErrors(async () => {
        const text = `select (select count(*) from audit) rows,
          (select min(number) from (select number, hash, audit_hash(coalesce(lag(hash) over by_number, ''), number, act, kind, content) expected,
            row_number() over by_number place from audit window by_number as (order by number)) chain
           where hash <> expected or number <> place) broken`;
        const { rows } = await pool.query<{ rows: string; broken: string | null }>(text);
        const [{ rows: count, broken }] = rows as [{ rows: string; broken: string | null }];
        return { rows: BigInt(count), broken: broken === null ? undefined : BigInt(broken) };
      }),
  };
}
