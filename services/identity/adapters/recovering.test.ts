import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { forMails } from '#adapters/sealing/purposes.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { secretIn } from '#adapters/sealing/secrets.ts';
import { PasswordResetRequested } from '#proto/jari/identity/v1/messages.ts';
import { service } from '../main.ts';
import { sealedEmails } from './emails.ts';
import { device, openIdentity } from './service.fixture.ts';

// Links to accounts, by the methods and the timers of the service.

type Identity = Awaited<ReturnType<typeof openIdentity>>;
let identity: Identity;
let { on, parts, data, call, rows }: Identity = {} as Identity;
beforeAll(async () => {
  identity = await openIdentity();
  ({ on, parts, data, call, rows } = identity);
}, 60_000);
afterAll(() => identity.close());

const [password, better] = ['a good long password', 'an even longer password'];
const enter = (email: string, with_: string, from = device()) =>
  call('signIn', { email, password: with_, device: from });
async function registered(): Promise<string> {
  const email = `mina-${newId()}@example.com`;
  await call('signUp', { email, password, displayName: 'Mina', language: 1, device: device() });
  return email;
}
/** Timers that wait, of what was asked for. */
const waiting = async (): Promise<string[]> =>
  (await rows(`select id::text from account_link where state ->> 'status' = 'asked' order by id`)).map(({ id }) =>
    String(id),
  );
const issueAll = async (): Promise<void> => {
  for (const id of await waiting()) await parts.timers['account_link/issue']!(id, Date.now());
};
const mailed = async (): Promise<{ linkId: string; secret: string }[]> => {
  const seal = sealingFor(forMails, { current: secretIn(data), old: [] });
  return (await on.sent())
    .filter(({ type }) => type === 'jari.identity.v1.PasswordResetRequested')
    .map(({ payload }) => PasswordResetRequested.decode(payload))
    .map(({ linkId, sealedLink }) => ({ linkId, secret: seal.open(sealedLink).split('.').at(-1) ?? '' }));
};
async function linkFor(email: string): Promise<{ linkId: string; secret: string }> {
  expect(await call('forgotPassword', { email, device: device() })).toEqual({});
  await issueAll();
  return (await mailed()).at(-1)!;
}

describe('who forgot the password (I1)', () => {
  test('waits for the same work whether anybody has the address: counters, and one link that is asked for (enumeration)', async () => {
    const writtenFor = async (email: string): Promise<unknown[]> => {
      const tables = ['person', 'session', 'account_link', 'attempts', 'outbox', 'timer'];
      const counts = async () =>
        Promise.all(tables.map(async (table) => Number((await rows(`select count(*) n from ${table}`))[0]?.['n'])));
      const before = await counts();
      expect(await call('forgotPassword', { email, device: device() })).toEqual({});
      return (await counts()).map((after, nth) => after - before[nth]!);
    };
    const known = await writtenFor(await registered());
    expect(await writtenFor(`nobody-${newId()}@example.com`)).toEqual(known);
    expect(known).toEqual([0, 0, 1, 3, 0, 1]);
    const before = (await mailed()).length;
    await issueAll();
    expect((await mailed()).length).toBe(before + 1); // to the one who is somebody
    expect(await waiting()).toEqual([]);
  });

  test('gets one link, however often its timer fires', async () => {
    await linkFor(await registered());
    const before = (await mailed()).length;
    const { linkId } = (await mailed()).at(-1)!;
    for (let time = 0; time < 2; time++) await parts.timers['account_link/issue']!(linkId, Date.now());
    expect((await mailed()).length).toBe(before);
  });

  test('may try to sign in at once, whatever was tried before', async () => {
    const [email, from] = [await registered(), device()];
    for (let time = 0; time < 5; time++) expect(await enter(email, 'wrong', from)).toBe('WRONG_CREDENTIALS');
    expect(await enter(email, password, from)).toBe('TOO_MANY_ATTEMPTS');
    expect(await call('resetPassword', { ...(await linkFor(email)), password: better, device: from })).toEqual({});
    expect(await enter(email, better, from)).toMatchObject({ accessToken: expect.any(String) });
  });

  test('is mailed a link though strangers asked for theirs, up to a total that the answer does not show', async () => {
    const email = await registered();
    const asked = async (from: ReturnType<typeof device>) => call('forgotPassword', { email, device: from });
    const stranger = device('2001:db8:9:1::1');
    for (let time = 0; time < 5; time++) expect(await asked(stranger)).toEqual({});
    expect(await asked(device('2001:db8:9:1::2'))).toBe('TOO_MANY_ATTEMPTS');
    const before = (await waiting()).length;
    for (let time = 0; time < 5; time++) expect(await asked(device())).toEqual({});
    expect((await waiting()).length).toBe(before + 5);
    expect(await asked(device())).toEqual({});
    expect((await waiting()).length).toBe(before + 5);
  });
});

describe('whoever has the right password (I1)', () => {
  test.each([
    ['an account', registered],
    ['an address that nobody has', async () => `nobody-${newId()}@example.com`],
  ])(
    'of %s is not kept out by wrong ones from elsewhere, unless these are many (brute force)',
    async (_, made) => {
      const email = await made();
      const isKnown = !email.startsWith('nobody');
      const [owner, stranger] = [device(), device()];
      const entered = isKnown ? { accessToken: expect.any(String) } : undefined;
      for (let time = 0; time < 5; time++) expect(await enter(email, 'wrong', stranger)).toBe('WRONG_CREDENTIALS');
      expect(await enter(email, password, stranger)).toBe('TOO_MANY_ATTEMPTS');
      const answer = await enter(email, password, owner);
      if (entered) expect(answer).toMatchObject(entered);
      else expect(answer).toBe('WRONG_CREDENTIALS');
      const more = isKnown ? 50 : 44; // a success forgets what was counted
      for (let time = 0; time < more; time++) expect(await enter(email, 'wrong')).toBe('WRONG_CREDENTIALS');
      expect(await enter(email, password, owner)).toBe('TOO_MANY_ATTEMPTS');
    },
    60_000,
  );
});

test('links that are used, past or nobody’s are deleted, and those that are good stay (I1)', async () => {
  const clean = async (): Promise<void> => {
    for (const statement of service.cleaning ?? []) await rows(statement);
  };
  const linksLeft = async (): Promise<unknown[]> =>
    (await rows('select id::text from account_link')).map(({ id }) => id);
  await issueAll();
  await clean();
  const before = await linksLeft();
  const [used, past, good, verifying] = await Promise.all([registered(), registered(), registered(), registered()]);
  const [ofUsed, ofPast, ofGood] = [await linkFor(used), await linkFor(past), await linkFor(good)];
  expect(await call('resetPassword', { ...ofUsed, password: better, device: device() })).toEqual({});
  await rows(`update account_link set state = jsonb_set(state, '{expires}', '1') where id = $1`, ofPast.linkId);
  const { personId } = (
    await rows(`select state ->> 'personId' "personId" from account_link where id = $1`, ofGood.linkId)
  )[0]!;
  await parts.timers['person/verify-email']!(String(personId), Date.now());
  await issueAll();
  expect(await call('forgotPassword', { email: `nobody-${newId()}@example.com`, device: device() })).toEqual({});
  await issueAll();
  expect(await call('forgotPassword', { email: verifying, device: device() })).toEqual({});
  const asked = await waiting(); // its mail is still to be written
  expect(await linksLeft()).toHaveLength(before.length + 6);
  await clean();
  const verification = await rows(
    `select id::text from account_link where state ->> 'personId' = $1 and state ->> 'kind' = 'verification'`,
    personId,
  );
  expect(verification).toHaveLength(1);
  expect((await linksLeft()).sort()).toEqual([...before, ...asked, ofGood.linkId, verification[0]!['id']].sort());
  expect(await call('getAccountLink', { ...ofGood, kind: 1, device: device() })).toMatchObject({ email: good });
  expect(await call('getAccountLink', { ...ofUsed, kind: 1, device: device() })).toBe('NOT_FOUND');
});

describe('an attack on a link', () => {
  test('by trying codes from one address is stopped, by whichever method (brute force)', async () => {
    const { linkId } = await linkFor(await registered());
    const from = device('198.51.100.1');
    const guess = { linkId, secret: 'A'.repeat(43), password: better, device: from };
    const answers: unknown[] = [];
    for (let time = 0; time < 34; time++)
      answers.push(
        await call('getAccountLink', { ...guess, kind: 1 }),
        await call('resetPassword', guess),
        await call('verifyEmail', guess),
      );
    expect([...new Set(answers.slice(0, 99))].sort()).toEqual(['LINK_OVER', 'NOT_FOUND']);
    expect(answers.slice(100)).toEqual(['TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS']);
  }, 30_000);

  test('that was mailed to another address than the account has now changes nothing', async () => {
    const email = await registered();
    const link = await linkFor(email);
    const { digest } = sealedEmails(sealingFor('identity', { current: secretIn(data), old: [] })).sealed(email);
    const moved = await rows(
      `update person set state = jsonb_set(state, '{account,email,digest}', '"another"'), version = version + 1
        where state #>> '{account,email,digest}' = $1 returning id`,
      digest,
    );
    expect(moved).toHaveLength(1);
    expect(await call('getAccountLink', { ...link, kind: 1, device: device() })).toBe('NOT_FOUND');
    expect(await call('resetPassword', { ...link, password: better, device: device() })).toBe('LINK_OVER');
  });

  test('with the old password ends a session that it opened before, and one that it opens meanwhile', async () => {
    const email = await registered();
    const session = (await enter(email, password)) as Record<string, string>;
    const renewing = { sessionId: session['sessionId'], sessionSecret: session['sessionSecret'] };
    const link = await linkFor(email);
    const [meanwhile, reset] = await Promise.all([
      enter(email, password),
      call('resetPassword', { ...link, password: better, device: device() }),
    ]);
    expect(reset).toEqual({});
    expect(await call('renewSession', renewing)).toBe('SESSION_ENDED'); // before any timer has fired
    if (typeof meanwhile !== 'string') {
      const { sessionId, sessionSecret } = meanwhile;
      expect(await call('renewSession', { sessionId, sessionSecret })).toBe('SESSION_ENDED');
    }
    const fresh = (await enter(email, better)) as { person: { id: string }; sessionId: string };
    await parts.timers['person/end-sessions']!(fresh.person.id, Date.now());
    const open = await rows(`select id::text from session where person_id = $1 and status = 'open'`, fresh.person.id);
    expect(open).toEqual([{ id: fresh.sessionId }]);
  });
});
