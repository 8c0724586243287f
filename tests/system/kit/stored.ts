import { expect } from '@jest/globals';
import { eventually } from './eventually.ts';
import { lodging } from './lodging.ts';
import type { Place } from './place.ts';

/** Rows by table, of all services. */
export async function stored(place: Place): Promise<Record<string, string>> {
  const counts: Record<string, string> = {};
  for (const service of place.services) {
    const tables = await place.rows<{ name: string }>(
      service,
      'select relname::text name from pg_stat_user_tables where schemaname = current_schema()',
    );
    for (const { name } of tables) {
      if (service === 'notification' && name === 'profile') continue; // one's own, which any sound request may change
      if (name === 'audit') continue; // also what was refused is in the trail
      const [row] = await place.rows<{ count: string }>(service, `select count(*) from ${name}`);
      counts[`${service}.${name}`] = row!.count;
    }
  }
  return counts;
}

/** What is stored once nothing moves any more: the services may still be telling each other of the sample data. */
export async function atRest(place: Place): Promise<Record<string, string>> {
  const twice = async (): Promise<Record<string, string>[]> => [
    await stored(place),
    await lodging(place)
      .quiet()
      .then(() => stored(place)),
  ];
  const [counts] = await eventually(twice, ([one, other]) => expect(other).toEqual(one));
  return counts!;
}
