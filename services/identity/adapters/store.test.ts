import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import type { ServiceParts } from '#adapters/service/service.ts';
import { readSettings } from '#adapters/settings/settings.ts';
import { acceptInvitation, openInvitation } from '../inviting.ts';
import { invitation } from '../invitation.ts';
import { service } from '../main.ts';
import { person, type Account, type Role, type StaffRole } from '../person.ts';
import type { Invitations, People } from '../ports.ts';
import { mostSessions } from '../session.ts';
import { endSession, makeAdministrator, openSession, restore, setRoles, suspend } from '../usecases.ts';
import { mikroOrmAttempts, mikroOrmInvitations, mikroOrmPeople, mikroOrmSessions } from './store.ts';

// People and invitations on PostgreSQL, where a claim that its holder has already is refused.

let on: TestStore;
let plugged: ServiceParts;
let people: People;
let invitations: Invitations;
const data = mkdtempSync(join(tmpdir(), 'jari-identity-'));
beforeAll(async () => {
  on = await testStore(service);
  plugged = service.plug({
    ...{
      store: on.store,
      now: Date.now,
      log: pino({ level: 'silent' }),
      staffRolesOf: async () => undefined,
      send: async () => undefined,
    },
    ...{ settings: readSettings(service.settings, { JARI_DATA: data }), development: true },
  });
  people = mikroOrmPeople(on.store);
  invitations = mikroOrmInvitations(on.store);
  await registered('admin'); // whoever is suspended or demoted below is not the last one
});
afterAll(async () => {
  await on.close();
  rmSync(data, { recursive: true, force: true });
});

const operator = newId();
const secrets = { make: () => '', hash: (secret: string) => `hash of ${secret}` };
const ports = () => ({ people, invitations, secrets, now: Date.now });

async function registered(...roles: Role[]): Promise<string> {
  const id = newId();
  const account: Account = {
    ...{ name: 'Mina', language: 'KO', email: null, passwordHash: null, terms: {}, roles: ['customer', ...roles] },
    ...{ emailVerified: false, passwordChanges: 0, passwordChangedIn: null },
  };
  await people.update(id, (state) => person.decide(state, { type: 'SeedPerson', account }));
  return id;
}
async function invited(role: StaffRole, by: string): Promise<string> {
  const id = newId();
  const what = { ...{ role, by, email: '', hash: secrets.hash('s') }, expires: Date.now() + 60_000 };
  const mail = { email: '', link: '', language: 'KO' } as const;
  await invitations.update(id, (state) => invitation.decide(state, { type: 'Invite', invited: what, mail }));
  return id;
}
const accepted = async (id: string, by: string): Promise<string> => {
  const updated = await acceptInvitation(ports(), by, id, 's');
  return updated.accepted ? 'accepted' : updated.refusal;
};
const isCounted = async (id: string): Promise<boolean> =>
  (await on.store.claims(`administrator/${id}`, `administrator/${id}\u0001`)).length === 1;

describe('an administrator (I3)', () => {
  test('can be given further roles, and stays counted as one', async () => {
    const id = await registered('admin');
    expect(await setRoles({ people }, id, ['admin', 'agent'], operator)).toMatchObject({
      after: { state: { account: { roles: ['customer', 'agent', 'admin'] } } },
    });
    expect(await isCounted(id)).toBe(true);
    await setRoles({ people }, id, ['agent'], operator);
    expect(await isCounted(id)).toBe(false);
  }, 20_000);

  test('accepts an invitation, also one to be an administrator, and stays counted as one', async () => {
    const id = await registered('admin');
    for (const role of ['courier', 'admin'] as const)
      expect(await accepted(await invited(role, operator), id)).toBe('accepted');
    expect(await isCounted(id)).toBe(true);
  }, 20_000);

  test('is counted again after a suspension', async () => {
    const id = await registered('admin');
    await suspend({ people, now: Date.now }, id, '', operator);
    expect(await isCounted(id)).toBe(false);
    await restore({ people }, id, operator);
    expect(await isCounted(id)).toBe(true);
  });
});

test('who runs the installation makes no suspended person an administrator (I3)', async () => {
  const id = await registered();
  await suspend({ people, now: Date.now }, id, '', operator);
  expect(await makeAdministrator({ people }, id)).toMatchObject({ accepted: false, refusal: 'suspended' });
  await restore({ people }, id, operator);
  for (let time = 0; time < 2; time++)
    expect(await makeAdministrator({ people }, id)).toMatchObject({ accepted: true });
  expect(await isCounted(id)).toBe(true);
});

describe('an invitation (I3)', () => {
  test('is over once whoever made it is no administrator, and good again if they become one again', async () => {
    const boss = await registered('admin');
    const crony = await registered();
    const id = await invited('admin', boss);
    const isOpen = async (): Promise<boolean> => (await openInvitation(ports(), id, 's')) !== undefined;
    await suspend({ people, now: Date.now }, boss, '', operator);
    expect([await isOpen(), await accepted(id, crony)]).toEqual([false, 'invitation-over']);
    await restore({ people }, boss, operator);
    await setRoles({ people }, boss, [], operator);
    expect([await isOpen(), await accepted(id, crony)]).toEqual([false, 'invitation-over']);
    await setRoles({ people }, boss, ['admin'], operator);
    expect([await isOpen(), await accepted(id, crony)]).toEqual([true, 'accepted']);
  });

  test('of who is no person here is good', async () =>
    expect(await accepted(await invited('agent', newId()), await registered())).toBe('accepted'));

  test('that was accepted stays so, whatever becomes of who made it', async () => {
    const boss = await registered('admin');
    const [id, friend] = [await invited('agent', boss), await registered()];
    await accepted(id, friend);
    await suspend({ people, now: Date.now }, boss, '', operator);
    expect(await accepted(id, friend)).toBe('accepted');
  });
});

describe('a token of an administrator who is none any more (I3)', () => {
  const methods = () =>
    plugged.rpc[0]!.methods.filter(({ implementation: { who } }) => who !== 'anyone' && who.join() === 'admin');
  /** What each method that is for administrators alone answers to that caller, for a request that names nothing. */
  async function answers(id: string): Promise<Record<string, string>> {
    const caller: Caller = { id, roles: ['admin'] };
    const request = { personId: newId(), invitationId: newId(), pageToken: '', pageSize: 0, q: '', roles: [] };
    const asked = methods().map(async ({ name, implementation }): Promise<[string, string]> => {
      try {
        await implementation.run({ ...request, email: 'a@example.com', role: '' } as never, caller, undefined as never);
        return [name, 'answered'];
      } catch (error) {
        return [name, error instanceof RpcError ? error.code : String(error)];
      }
    });
    return Object.fromEntries(await Promise.all(asked));
  }
  const all = (answer: string) => Object.fromEntries(methods().map(({ name }) => [name, answer]));

  test('is refused by every method that is for administrators', async () => {
    expect(Object.keys(all(''))).toEqual(
      expect.arrayContaining([
        'listPeople',
        'setRoles',
        'suspend',
        'restore',
        'createInvitation',
        'withdrawInvitation',
      ]),
    );
    const [suspended, demoted] = [await registered('admin'), await registered('admin')];
    await suspend({ people, now: Date.now }, suspended, '', operator);
    await setRoles({ people }, demoted, [], operator);
    for (const id of [suspended, demoted]) expect(await answers(id)).toEqual(all('PERMISSION_DENIED'));
  });

  test('is good in the hands of who is one, and of who is no person here', async () => {
    for (const id of [await registered('admin'), newId()])
      expect(await answers(id)).toEqual({ ...all('answered'), getPerson: 'NOT_FOUND' });
  });
});

describe('the open sessions of a person (I3)', () => {
  /** Opens sessions one after the other, and answers with their ids. */
  async function opened(id: string, count: number): Promise<string[]> {
    const sessions = mikroOrmSessions(on.store);
    const lifetimes = { idle: 60_000, most: 60_000 };
    const ids: string[] = [];
    for (let nth = 0; nth < count; nth++) {
      const outcome = await openSession(
        { people, sessions, secrets, lifetimes, now: Date.now, newId },
        (await people.get(id))!,
        { name: 'Firefox', address: '' },
      );
      if (outcome.accepted) ids.push(outcome.signedIn.session.id);
    }
    return ids;
  }
  const openOf = async (id: string): Promise<string[]> =>
    (await mikroOrmSessions(on.store).list(id, { size: 200 })).map((each) => each.id).reverse();

  test('are at most 50: one more ends the oldest of them, and nobody else’s', async () => {
    const [id, other] = [await registered(), await registered()];
    const kept = await opened(other, 1);
    const ids = await opened(id, mostSessions);
    expect(await openOf(id)).toEqual(ids);
    const more = await opened(id, 2);
    expect(await openOf(id)).toEqual([...ids.slice(2), ...more]);
    expect((await mikroOrmSessions(on.store).get(ids[1]!))?.state).toMatchObject({ status: 'ended', why: 'too-many' });
    expect(await openOf(other)).toEqual(kept);
  }, 30_000);

  test('are at most 50 however many are opened at once; those that are past do not count', async () => {
    const id = await registered();
    const ids = await opened(id, mostSessions);
    const past = ids.slice(25);
    await on.database.pool.query(
      `update session set state = jsonb_set(state, '{expires}', '1'), version = version + 1 where id = any($1::uuid[])`,
      [past],
    );
    expect(await openOf(id)).toHaveLength(mostSessions);
    const more = (await Promise.all(Array.from({ length: 30 }, () => opened(id, 1)))).flat();
    expect((await openOf(id)).sort()).toEqual([...ids.slice(5, 25), ...more].sort());
  }, 30_000);
});

test('attempts to sign in, and registrations, count by the network of an IPv6 address (B7)', async () => {
  const counts = mikroOrmAttempts(on.store, { digest: (text) => text });
  const take = async (kind: 'address' | 'sign-up', name: string): Promise<boolean> => {
    const quota = { most: 2, withinMs: 60_000 };
    return (await counts.update(kind, [name], { type: 'TakeAttempt', at: Date.now(), quota })).accepted;
  };
  for (const kind of ['address', 'sign-up'] as const) {
    const taken = [];
    for (const name of ['2001:db8:2:2::1', '2001:db8:2:2::2', '2001:db8:2:2:ffff::3', '2001:db8:2:3::1'])
      taken.push(await take(kind, name));
    expect(taken).toEqual([true, true, false, true]);
  }
});

test('sessions are deleted a day after they ended or were past, and no others (I3)', async () => {
  const sessions = mikroOrmSessions(on.store);
  const [id, now, day] = [await registered(), Date.now(), 86_400_000];
  const opened = async (lasts: number): Promise<string> => {
    const outcome = await openSession(
      { people, sessions, secrets, lifetimes: { idle: lasts, most: lasts }, now: () => now, newId },
      (await people.get(id))!,
      { name: 'Firefox', address: '' },
    );
    return outcome.accepted ? outcome.signedIn.session.id : '';
  };
  const ids = { open: await opened(day), past: await opened(-1), longPast: await opened(-day - 1) };
  const [ended, longEnded] = [await opened(day), await opened(day)];
  for (const each of [ended, longEnded]) await endSession({ sessions }, each, id);
  await on.database.pool.query(
    `update session set updated_at = now() - interval '25 hours' where id = any($1::uuid[])`,
    [[longEnded, ids.open]],
  );
  for (const statement of service.cleaning ?? []) await on.database.pool.query(statement);
  const left = await on.database.pool.query<{ id: string }>('select id from session where person_id = $1', [id]);
  expect(left.rows.map((row) => row.id).sort()).toEqual([ids.open, ids.past, ended].sort());
  expect(await endSession({ sessions }, ended, id)).toMatchObject({ accepted: true });
});

test('attempts are deleted when their window is over, and those that count stay', async () => {
  await on.database.pool.query('delete from attempts');
  const counts = mikroOrmAttempts(on.store, { digest: (text) => text });
  const quota = { most: 1, withinMs: 3_600_000 };
  const take = (name: string, at: number) =>
    counts.update('mail', [name, '192.0.2.1'], { type: 'TakeAttempt', at, quota });
  await take('nobody@example.com', Date.now() - 3_601_000);
  await take('known@example.com', Date.now() - 3_000_000);
  await take('forgotten@example.com', Date.now());
  await counts.update('mail', ['forgotten@example.com', '192.0.2.1'], { type: 'Forget' });
  for (const statement of service.cleaning ?? []) await on.database.pool.query(statement);
  expect((await on.database.pool.query('select id from attempts')).rows).toHaveLength(1);
  expect((await take('known@example.com', Date.now())).accepted).toBe(false);
  expect((await take('nobody@example.com', Date.now())).accepted).toBe(true);
});
