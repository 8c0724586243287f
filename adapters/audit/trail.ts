import type { Pool } from 'pg';
import { reachable } from '#adapters/mikro-orm/store.ts';

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

interface Row {
  number: string;
  hash: string;
  content: string;
  ended: string | null;
}

export function trailIn(pool: Pool): Trail {
  const append = (id: string, kind: 'begun' | 'ended', content: object): Promise<void> =>
    reachable(async () => void (await pool.query('select audit_append($1, $2, $3)', [id, kind, JSON.stringify(content)])));
  return {
    begin: ({ id, ...act }) => append(id, 'begun', { id, ...act }),
    end: (id, ending) => append(id, 'ended', ending),

    list: ({ after, size }) =>
      reachable(async () => {
        const text = `select number, hash, content, (select content from audit e where e.act = b.act and e.kind = 'ended' limit 1) ended
          from audit b where kind = 'begun' and ($1::uuid is null or number < (select number from audit where act = $1 and kind = 'begun')) order by number desc limit $2`;
        const { rows } = await pool.query<Row>(text, [after ?? null, size]);
        return rows.map(({ number, hash, content, ended }) => ({
          ...(JSON.parse(content) as Act),
          number: BigInt(number),
          hash,
          ending: ended === null ? undefined : (JSON.parse(ended) as Ending),
        }));
      }),

    verify: () =>
      reachable(async () => {
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
