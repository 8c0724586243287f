import { mapDatabaseErrors, type Store } from '#adapters/mikro-orm/store.ts';
import { CannotOpen, type Sealing } from '#adapters/sealing/sealing.ts';

/** Rows that one statement reads. */
const pageSize = 500;

/**
 * Encrypts plain text of earlier versions, and encrypts values of an old secret with the new one. Runs at each start. A value that changes
 * meanwhile is skipped: its writer has encrypted it. Returns the number of values that no secret decrypts.
 */
export async function sealStored(
  store: Store,
  sealing: Sealing,
  table: string,
  ...paths: readonly (readonly string[])[]
): Promise<number> {
  let unreadable = 0;
  const current = sealing.seal('').split('.').slice(0, 2).join('.');
  for (const path of paths) {
    const at = `{${path.join(',')}}`;
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const found = await mapDatabaseErrors(() =>
        store
          .read()
          .execute<{ id: string; value: string }[]>(
            `select id::text, state #>> ? value from ${table} where id > ?::uuid and state #>> ? <> '' and not starts_with(state #>> ?, ?) order by ${table}.id limit ?`,
            [at, after, at, at, `${current}.`, pageSize],
          ),
      );
      for (const { id, value } of found) {
        const text = opened(sealing, value);
        if (text === undefined) unreadable++;
        else
          await mapDatabaseErrors(() =>
            store
              .read()
              .execute(
                `update ${table} set state = jsonb_set(state, ?, to_jsonb(?::text), false) where id = ?::uuid and state #>> ? = ?`,
                [...[at, sealing.seal(text), id, at, value]],
              ),
          );
      }
      const last = found.at(-1);
      if (!last || found.length < pageSize) break;
      after = last.id;
    }
  }
  return unreadable;
}

function opened(sealing: Sealing, value: string): string | undefined {
  try {
    return sealing.open(value);
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}
