import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Longest that a reservation may take to be paid, before it counts as failed. */
const patienceMs = 30_000;

export interface Sightings {
  /** Resolves once the read model shows the order as PAID: from then on every GET answers so. */
  seen(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Looks at the rows of `views` every `everyMs`, for those that are waited for: cheaper than a stream or a poll by RPC for each. */
export async function sightings(url: string, everyMs: number): Promise<Sightings> {
  const client = new pg.Client(url);
  await client.connect();
  const waiting = new Map<string, { resolve(): void; reject(error: Error): void; since: number }>();
  let open = true;

  async function watch(): Promise<void> {
    while (open) {
      if (waiting.size) {
        const { rows } = await client.query<{ id: string }>({
          name: 'paid',
          text: `select id::text from order_view where id = any($1::uuid[]) and state #>> '{head,status}' = 'PAID'`,
          values: [[...waiting.keys()]],
        });
        for (const { id } of rows) settle(id, (one) => one.resolve());
        for (const [id, { since }] of waiting)
          if (performance.now() - since > patienceMs)
            settle(id, (one) => one.reject(new Error(`reservation ${id} was not paid within ${patienceMs / 1_000} s`)));
      }
      await pause(everyMs);
    }
  }
  const settle = (id: string, how: (one: { resolve(): void; reject(error: Error): void }) => void): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (one) how(one);
  };
  let trouble: Error | undefined;
  const watching = watch().catch((error: Error) => {
    trouble = error;
    for (const id of waiting.keys()) settle(id, (one) => one.reject(error));
  });

  return {
    seen: (id) =>
      trouble
        ? Promise.reject(trouble)
        : new Promise((resolve, reject) => waiting.set(id, { resolve, reject, since: performance.now() })),
    async close() {
      open = false;
      await watching;
      await client.end();
    },
  };
}
