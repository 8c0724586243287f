import { mapDatabaseErrors, type Store } from '#adapters/mikro-orm/store.ts';
import { CannotOpen, type Sealing } from '#adapters/sealing/sealing.ts';
import { keyRing } from '../key-ring.ts';
import { person } from '../person.ts';
import type { Emails, Keys, People } from '../ports.ts';

/** People that one statement reads. */
const pageSize = 500;

/**
 * Encrypts what an old secret encrypted with the new one, and files e-mail addresses under the digests of the new one. Runs at each start.
 * Returns the number of values that no secret decrypts.
 */
export async function reseal(
  store: Store,
  { people, keys, emails }: { people: People; keys: Keys; emails: Emails },
  sealing: Sealing,
): Promise<number> {
  let unreadable = 0;
  const resealed = (value: string): string | undefined => {
    try {
      return sealing.isCurrent(value) ? undefined : sealing.seal(sealing.open(value));
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      unreadable++;
      return undefined;
    }
  };

  const ring = await keys.get();
  const sealed = new Map(
    (ring.status === 'none' ? [] : ring.keys).flatMap(({ kid, sealed: value }) => {
      const next = resealed(value);
      return next ? [[kid, next] as const] : [];
    }),
  );
  if (sealed.size) await keys.update((state) => keyRing.decide(state, { type: 'ResealKeys', sealed }));

  const current = sealing.seal('').split('.').slice(0, 2).join('.');
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const found = await mapDatabaseErrors(() =>
      store
        .read()
        .execute<{ id: string }[]>(
          `select id::text from person where id > ?::uuid and not starts_with(state #>> '{account,email,sealed}', ?) order by person.id limit ?`,
          [after, `${current}.`, pageSize],
        ),
    );
    for (const { id } of found) {
      const kept = (await people.get(id))?.state ?? person.initial;
      const email = kept.status === 'none' ? null : kept.account.email;
      if (!email || resealed(email.sealed) === undefined) continue;
      const again = emails.sealed(emails.open(email));
      await people.update(id, (state) => person.decide(state, { type: 'ResealEmail', email: again }));
    }
    const last = found.at(-1);
    if (!last || found.length < pageSize) return unreadable;
    after = last.id;
  }
}
