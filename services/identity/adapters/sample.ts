import { userId } from '#adapters/auth/token.ts';
import { person, type Account } from '../person.ts';
import type { People } from '../ports.ts';
import { samplePeople } from '../sample.ts';

/** Sample people have the ids that the token command gives to their names, so that the sample data is theirs. */
export async function seedPeople(people: People): Promise<void> {
  await Promise.all(
    samplePeople.map(({ name, displayName, role, language }) => {
      const account: Account = {
        ...{ name: displayName, language, email: null, passwordHash: null, terms: {} },
        ...{ emailVerified: false, passwordChanges: 0, passwordChangedIn: null },
        roles: role === 'customer' ? ['customer'] : ['customer', role],
      };
      return people.update(userId(name), (state) => person.decide(state, { type: 'SeedPerson', account }));
    }),
  );
}
