import { userId } from '#adapters/auth/token.ts';
import type { Profiles, Secrets } from '../ports.ts';
import { profile } from '../profile.ts';

const people = ['guest', 'buyer', 'customer', 'host', 'seller', 'dealer', 'courier', 'agent', 'admin'];

/** The sample people have verified contacts, so that messages leave for the sandbox messenger. In development only. */
export async function seedProfiles(profiles: Profiles, { seal }: Secrets): Promise<void> {
  await Promise.all(
    people.map((name, nth) => {
      const [phone, email] = [seal(`+8210000000${String(nth + 1).padStart(2, '0')}`), seal(`${name}@jari.example`)];
      return profiles.update(userId(name), (state) => profile.decide(state, { type: 'SeedProfile', phone, email }));
    }),
  );
}
