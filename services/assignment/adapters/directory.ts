import { around, distance } from 'geokdbush';
import KDBush from 'kdbush';
import { sql } from 'kysely';
import { tablesIn } from '#adapters/mikro-orm/queries.ts';
import { stateFrom } from '#adapters/mikro-orm/state.ts';
import { mapDatabaseErrors, type Store } from '#adapters/mikro-orm/store.ts';
import type { DealershipDetails, Location } from '../dealership.ts';
import type { Directory, Near } from '../ports.ts';
import type { entities } from './entities.ts';
import { storedDealerships } from './messages.ts';

/** Dealerships in a k-d tree: the nearest are found without looking at all, by distances on the sphere. None is further away than `reachKm`. */
export function directoryOf(
  dealerships: readonly { id: string; details: DealershipDetails }[],
  reachKm = Infinity,
): Directory {
  const index = new KDBush(dealerships.length);
  for (const { details } of dealerships) index.add(details.location.longitude, details.location.latitude);
  index.finish();
  return {
    size: dealerships.length,
    nearest({ latitude, longitude }, count) {
      const found = around(index as never, longitude, latitude, count, reachKm) as number[];
      return found.map((number) => seen(dealerships[number] as (typeof dealerships)[number], { latitude, longitude }));
    },
  };
}

const seen = ({ id, details }: { id: string; details: DealershipDetails }, from: Location): Near => ({
  dealershipId: id,
  dealerId: details.dealerId,
  name: details.name,
  dailyCapacity: details.dailyCapacity,
  distanceMeters: Math.round(
    1_000 * distance(from.longitude, from.latitude, details.location.longitude, details.location.latitude),
  ),
});

/** The directory as it is now: a dealership never changes, so their number and the newest of them say whether one has joined. */
export function mikroOrmDirectory(store: Store, reachKm: number): () => Promise<Directory> {
  let read: { stand: string; directory: Promise<Directory> } | undefined;
  return async () => {
    const stand = await standOf(store);
    if (read?.stand !== stand) read = { stand, directory: readAll(store, reachKm) };
    const mine = read;
    return mine.directory.catch((error: unknown) => {
      if (read === mine) read = undefined; // the next caller reads it again
      throw error;
    });
  };
}

async function standOf(store: Store): Promise<string> {
  const text = `select (select count(*) from dealership)::text count, (select id from dealership order by id desc limit 1)::text newest`;
  return JSON.stringify(await store.rows('stand', text, []));
}

async function readAll(store: Store, reachKm: number): Promise<Directory> {
  const all = tablesIn<typeof entities>(store)
    .selectFrom('dealership')
    .select(['id', sql<string>`state::text`.as('state')]);
  const rows = await mapDatabaseErrors(() => all.execute());
  return directoryOf(
    rows.flatMap(({ id, state }) => {
      const dealership = stateFrom(storedDealerships, state);
      return dealership.status === 'open' ? [{ id, details: dealership.details }] : [];
    }),
    reachKm,
  );
}
