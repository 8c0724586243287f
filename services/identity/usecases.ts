import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import { refuse, type Details } from '#kernel/decision.ts';
import type { AttemptsRefusal } from './attempts.ts';
import { keyRing, type KeyRing } from './key-ring.ts';
import {
  person,
  type Account,
  type Language,
  type selfServiceRoles,
  type Person,
  type PersonRefusal,
  type Profile,
  type Role,
} from './person.ts';
import { mostSessions, session, type Device, type Session, type SessionRefusal } from './session.ts';
import type { AttemptKind, Ports } from './ports.ts';

/** Somebody is signed in. */
export interface SignedIn {
  person: StoredAggregate<Person>;
  session: StoredAggregate<Session>;
  /** The secret to renew it with; undefined: the one that was presented stays. */
  secret: string | undefined;
}

export type Outcome<Refusal extends string> =
  | { accepted: true; signedIn: SignedIn }
  | { accepted: false; refusal: Refusal; details?: Details };

export type SignInRefusal = 'wrong-credentials' | 'suspended' | AttemptsRefusal;
export type SignUpRefusal = 'password-common' | AttemptsRefusal;

/** Registers a person. An address that is taken changes nothing, and nobody can tell. */
export async function signUp(
  ports: Ports,
  { email, password, name, language }: { email: string; password: string; name: string; language: Language },
  { address }: Device,
): Promise<{ accepted: true } | { accepted: false; refusal: SignUpRefusal; details?: Details }> {
  if (ports.passwords.isCommon(password)) return { accepted: false, refusal: 'password-common' };
  const taken = await countAttempt(ports, 'sign-up', address);
  if (!taken.accepted) return taken;
  const account: Account = {
    ...{ name, language, roles: ['customer'], terms: {}, email: ports.emails.sealed(email) },
    ...{ emailVerified: false, passwordChanges: 0, passwordChangedIn: null },
    passwordHash: await ports.passwords.hash(password),
  };
  await ports.people.update(
    ports.newId(),
    (state, holder) => person.decide(state, { type: 'Register', account, holder }),
    () => ports.people.holderOf(ports.emails.sealed(email).digest),
  );
  return { accepted: true };
}

/** Opens a session by e-mail address and password. The same work is done whether the account exists or not. */
export async function signIn(
  ports: Ports,
  { email, password }: { email: string; password: string },
  device: Device,
): Promise<Outcome<SignInRefusal>> {
  const { digest } = ports.emails.sealed(email);
  const counted = await countGuess(ports, digest, device.address);
  if (!counted.accepted) return counted;
  const found = await ports.people.get((await ports.people.holderOf(digest)) ?? ports.newId());
  const account = found && found.state.status !== 'none' ? found.state.account : undefined;
  const isRight = await ports.passwords.verify(password, account?.passwordHash ?? null);
  if (!found || !isRight) return { accepted: false, refusal: 'wrong-credentials', details: { left: counted.left } };
  await forgetGuesses(ports, digest, device.address);
  return openSession(ports, found, device);
}

/**
 * Counts a guess at the password of an account, before it is looked at: by the account and where it comes from, so that nobody else's guesses
 * keep the owner out; all guesses at it together may be more. `left`: as many are allowed after it.
 */
export async function countGuess(
  ports: Pick<Ports, 'attempts' | 'quotas' | 'now'>,
  digest: string,
  address: string,
): Promise<{ accepted: true; left: string } | { accepted: false; refusal: AttemptsRefusal; details?: Details }> {
  const byAddress = await countAttempt(ports, 'address', address);
  if (!byAddress.accepted) return byAddress;
  const byAccount = await countAttempt(ports, 'account', digest, address);
  if (!byAccount.accepted) return byAccount;
  const inAll = await countAttempt(ports, 'account-total', digest);
  if (!inAll.accepted) return inAll;
  const count = byAccount.after.state.status === 'none' ? 0 : byAccount.after.state.count;
  return { accepted: true, left: String(Math.max(0, ports.quotas.account.most - count)) };
}

/** Whoever has proved to be the owner may guess anew. */
export async function forgetGuesses(
  { attempts }: Pick<Ports, 'attempts'>,
  digest: string,
  address: string,
): Promise<void> {
  await attempts.update('account', [digest, address], { type: 'Forget' });
  await attempts.update('account-total', [digest], { type: 'Forget' });
}

/** Opens a session of somebody who has proved who they are. */
export async function openSession(
  ports: Pick<Ports, 'people' | 'sessions' | 'secrets' | 'lifetimes' | 'now' | 'newId'>,
  of: StoredAggregate<Person>,
  device: Device,
): Promise<Outcome<'suspended' | 'wrong-credentials'>> {
  if (of.state.status === 'suspended') return suspendedBy(of.state);
  const passwordChanges = of.state.status === 'none' ? 0 : of.state.account.passwordChanges;
  const secret = ports.secrets.make();
  const opened = await ports.sessions.update(ports.newId(), (state) =>
    session.decide(state, {
      ...{ type: 'OpenSession', personId: of.id, device, hash: ports.secrets.hash(secret), at: ports.now() },
      passwordChanges,
      lifetimes: ports.lifetimes,
    }),
  );
  if (!opened.accepted) throw new Error('a new session was refused');
  // Who was suspended or got another password meanwhile: their sessions were ended before this one was there.
  const now = await ports.people.get(of.id);
  const shutOut = now && shutOutBy(now.state, opened.after.id, passwordChanges);
  if (shutOut) {
    await ports.sessions.update(opened.after.id, (state) => session.decide(state, { type: 'ShutOut', why: shutOut }));
    return now.state.status === 'suspended'
      ? suspendedBy(now.state)
      : { accepted: false, refusal: 'wrong-credentials' };
  }
  await endSurplus(ports, of.id);
  return { accepted: true, signedIn: { person: of, session: opened.after, secret } };
}

/** Ends the oldest sessions of a person beyond the most, and those that are past. Of sign-ins at once, the last sees them all. */
async function endSurplus({ sessions, now }: Pick<Ports, 'sessions' | 'now'>, personId: string): Promise<void> {
  const open = await sessions.list(personId, { size: 4 * mostSessions });
  const good = open.filter(({ state }) => state.status === 'open' && state.expires > now()).slice(0, mostSessions);
  for (const each of open)
    if (!good.includes(each))
      await sessions.update(each.id, (state) => session.decide(state, { type: 'ShutOut', why: 'too-many' }));
}

/** Why a session that was opened after so many changes of the password is over, if it is. */
function shutOutBy(state: Person, id: string, passwordChanges: number): 'suspended' | 'password-changed' | undefined {
  if (state.status === 'suspended') return 'suspended';
  const account = accountOf(state);
  return !account || account.passwordChanges === passwordChanges || account.passwordChangedIn === id
    ? undefined
    : 'password-changed';
}

const suspendedBy = ({ suspension }: Extract<Person, { status: 'suspended' }>): Outcome<'suspended'> => ({
  accepted: false,
  refusal: 'suspended',
  details: { text: suspension.text },
});

/** Renews a session by its secret. */
export async function renewSession(ports: Ports, sessionId: string, secret: string): Promise<Outcome<'session-ended'>> {
  const ended = { accepted: false, refusal: 'session-ended' } as const;
  const found = await ports.sessions.get(sessionId);
  if (!found || found.state.status !== 'open') return ended;
  const of = await ports.people.get(found.state.personId);
  if (!of || !accountOf(of.state) || shutOutBy(of.state, sessionId, found.state.passwordChanges)) return ended;
  const [next, hash] = [ports.secrets.make(), ports.secrets.hash(secret)];
  const nextHash = ports.secrets.hash(next);
  const updated = await ports.sessions.update(sessionId, (state) =>
    session.decide(state, {
      ...{ type: 'RenewSession', hash, next: nextHash, at: ports.now() },
      lifetimes: ports.lifetimes,
    }),
  );
  if (!updated.accepted || updated.after.state.status !== 'open') return ended;
  const isNew = updated.after.state.secretHashes.issued.includes(nextHash);
  return {
    accepted: true,
    signedIn: { person: of, session: updated.after, secret: isNew ? next : undefined },
  };
}

export async function signOut(ports: Ports, sessionId: string, secret: string): Promise<void> {
  const hash = ports.secrets.hash(secret);
  await ports.sessions.update(sessionId, (state) => session.decide(state, { type: 'SignOut', hash }));
}

export const endSession = (
  ports: Pick<Ports, 'sessions'>,
  sessionId: string,
  by: string,
): Promise<Updated<Session, SessionRefusal>> =>
  ports.sessions.update(sessionId, (state) => session.decide(state, { type: 'EndSession', by }));

export const changeProfile = (
  ports: Pick<Ports, 'people'>,
  id: string,
  changes: Partial<Profile>,
): Promise<Updated<Person, PersonRefusal>> =>
  ports.people.update(id, (state) => person.decide(state, { type: 'ChangeProfile', changes }));

/** The person takes a role by accepting its terms. */
export const become = (
  { people, now }: Pick<Ports, 'people' | 'now'>,
  id: string,
  role: (typeof selfServiceRoles)[number],
): Promise<Updated<Person, PersonRefusal>> =>
  people.update(id, (state) => person.decide(state, { type: 'Become', role, at: now() }));

export const setRoles = (
  { people }: Pick<Ports, 'people'>,
  id: string,
  wanted: readonly Role[],
  by: string,
): Promise<Updated<Person, PersonRefusal>> =>
  people.update(
    id,
    (state, administrators) =>
      person.decide(state, { type: 'SetRoles', roles: wanted, isOwn: id === by, administrators }),
    () => people.administratorsWithout(id),
  );

/** By who runs the installation, not by a person. */
export const makeAdministrator = (
  { people }: Pick<Ports, 'people'>,
  id: string,
): Promise<Updated<Person, PersonRefusal>> =>
  people.update(id, (state) => {
    if (state.status === 'suspended') return refuse('suspended');
    return person.decide(state, {
      ...{ type: 'SetRoles', isOwn: false, administrators: { another: true, ceased: 0 } },
      roles: state.status === 'none' ? [] : [...state.account.roles, 'admin'],
    });
  });

export const suspend = (
  { people, now }: Pick<Ports, 'people' | 'now'>,
  id: string,
  text: string,
  by: string,
): Promise<Updated<Person, PersonRefusal>> =>
  people.update(
    id,
    (state, administrators) =>
      person.decide(state, { type: 'Suspend', text, at: now(), isOwn: id === by, administrators }),
    () => people.administratorsWithout(id),
  );

export const restore = (
  { people }: Pick<Ports, 'people'>,
  id: string,
  by: string,
): Promise<Updated<Person, PersonRefusal>> =>
  people.update(id, (state) => person.decide(state, { type: 'Restore', isOwn: id === by }));

/** The timer `end-sessions` of a person who was suspended or has another password. */
export async function endSessions({ people, sessions }: Pick<Ports, 'people' | 'sessions'>, id: string): Promise<void> {
  const of = await people.get(id);
  for (let after: string | undefined; of;) {
    const found = await sessions.list(id, { size: 100, ...(after && { after }) });
    for (const { id: each, state } of found) {
      const why = state.status === 'open' ? shutOutBy(of.state, each, state.passwordChanges) : undefined;
      if (why) await sessions.update(each, (current) => session.decide(current, { type: 'ShutOut', why }));
    }
    after = found.at(-1)?.id;
    if (found.length < 100) return;
  }
}

/** Whoever starts first makes the first key. */
export async function ensureKey({ keys, ages, now }: Pick<Ports, 'keys' | 'ages' | 'now'>): Promise<void> {
  if ((await keys.get()).status !== 'none') return;
  const key = await keys.make();
  await keys.update((state) => keyRing.decide(state, { type: 'EnsureKey', key, at: now(), ages }));
}

export async function rotateKeys({
  keys,
  ages,
  now,
}: Pick<Ports, 'keys' | 'ages' | 'now'>): Promise<Updated<KeyRing, never>> {
  const key = await keys.make();
  return keys.update((state) => keyRing.decide(state, { type: 'RotateKeys', key, at: now(), ages }));
}

/** The account of a person who may sign in. */
export const accountOf = (state: Person): Account | undefined =>
  state.status === 'active' ? state.account : undefined;

export const countAttempt = (
  { attempts: counts, quotas, now }: Pick<Ports, 'attempts' | 'quotas' | 'now'>,
  kind: AttemptKind,
  ...names: readonly string[]
): ReturnType<Ports['attempts']['update']> =>
  counts.update(kind, names, {
    type: 'TakeAttempt',
    at: now(),
    quota: kind === 'sign-up' || kind === 'link' || kind === 'forgot' ? quotas.address : quotas[kind],
  });
