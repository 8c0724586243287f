import type { Native } from './native.ts';

/** Storing a row of this table takes so long from now on, and each waits for the one before; until it is called off. */
export async function slowTable(
  place: Native,
  service: string,
  table: string,
  ms: number,
): Promise<() => Promise<void>> {
  const run = async (...statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await place.rows(service, statement);
  };
  await run(
    `create policy slow on ${table} using (true) with check (pg_sleep(${ms / 1_000}) is not null)`,
    `alter table ${table} enable row level security, force row level security`,
  );
  return () =>
    run(`alter table ${table} no force row level security, disable row level security`, `drop policy slow on ${table}`);
}
