import { around, distance } from 'geokdbush';
import KDBush from 'kdbush';
import { reachable, type Store } from '#adapters/mikro-orm/store.ts';
import type { Dealership, DealershipDetails, Location } from '../dealership.ts';
import type { Directory, Near } from '../ports.ts';

/** Dealerships in a k-d tree: the nearest are found without looking at all, by distances on the sphere. */
export function directoryOf(dealerships: readonly { id: string; details: DealershipDetails }[]): Directory {
  const index = new KDBush(dealerships.length);
  for (const { details } of dealerships) index.add(details.location.longitude, details.location.latitude);
  index.finish();
  return {
    size: dealerships.length,
    nearest({ latitude, longitude }, count) {
      const found = around(index as never, longitude, latitude, count) as number[];
      return found.map((number) => seen(dealerships[number] as (typeof dealerships)[number], { latitude, longitude }));
    },
  };
}

const seen = ({ id, details }: { id: string; details: DealershipDetails }, from: Location): Near => ({
  dealershipId: id,
  dealerId: details.dealerId,
  name: details.name,
  dailyCapacity: details.dailyCapacity,
  distanceMeters: Math.round(1_000 * distance(from.longitude, from.latitude, details.location.longitude, details.location.latitude)),
});

/** The directory as it is now: a dealership never changes and never goes, so their number says whether one has joined. */
export function mikroOrmDirectory(store: Store): () => Promise<Directory> {
  let read: { count: string; directory: Promise<Directory> } | undefined;
  return async () => {
    const [found] = await reachable(() => store.read().execute<{ count: string }[]>('select count(*)::text count from dealership'));
    const count = found?.count ?? '0';
    if (read?.count !== count) read = { count, directory: readAll(store) };
    const mine = read;
    return mine.directory.catch((error: unknown) => {
      if (read === mine) read = undefined;
      throw error;
    });
  };
}

async function readAll(store: Store): Promise<Directory> {
  const rows = await reachable(() => store.read().execute<{ id: string; state: string }[]>('select id::text, state::text from dealership'));
  return directoryOf(
    rows.flatMap(({ id, state }) => {
      const dealership = JSON.parse(state) as Dealership;
      return dealership.status === 'open' ? [{ id, details: dealership.details }] : [];
    }),
  );
}
