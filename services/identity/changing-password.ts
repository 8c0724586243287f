import type { Updated } from '#kernel/aggregate.ts';
import { refuse } from '#kernel/decision.ts';
import type { AttemptsRefusal } from './attempts.ts';
import { person, type Person, type PersonRefusal } from './person.ts';
import type { Ports } from './ports.ts';
import { passwordMail } from './recovering.ts';
import { accountOf, countGuess, forgetGuesses } from './usecases.ts';

export type ChangePasswordRefusal = PersonRefusal | AttemptsRefusal | 'password-common';

/**
 * Sets a new password by the current one. Guesses at that are counted together with those of who signs in. `session`: in which it is
 * asked, and which goes on; all others end.
 */
export async function changePassword(
  ports: Ports,
  personId: string,
  { current, next }: { current: string; next: string },
  { session, address }: { session: string | null; address: string },
): Promise<Updated<Person, ChangePasswordRefusal>> {
  if (ports.passwords.isCommon(next)) return refuse('password-common');
  const found = await ports.people.get(personId);
  const account = found && accountOf(found.state);
  if (!account) return refuse('no-such-person');
  const { email, passwordChanges } = account;
  if (!email || account.passwordHash === null) return refuse('no-password');
  const counted = await countGuess(ports, email.digest, address);
  if (!counted.accepted) return counted;
  if (!(await ports.passwords.verify(current, account.passwordHash)))
    return refuse('wrong-password', { left: counted.left });
  const passwordHash = await ports.passwords.hash(next);
  const mail = passwordMail(ports, account);
  const updated = await ports.people.update(personId, (state) =>
    person.decide(state, { type: 'ChangePassword', passwordChanges, session, passwordHash, at: ports.now(), mail }),
  );
  if (updated.accepted) await forgetGuesses(ports, email.digest, address);
  return updated;
}
