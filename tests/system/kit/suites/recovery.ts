import { describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { newTab, type Tab } from '../browser-session.ts';
import { eventually } from '../eventually.ts';
import type { Mailbox } from '../mailbox.ts';
import { ok, person } from '../people.ts';
import type { Place } from '../place.ts';
import { changePassword } from './changing-password.ts';
import { password, signedIn } from './signing-in.ts';

const better = 'an even longer password';

interface Entry {
  callerId: string;
  method: string;
  request: string;
  changes: object[];
}

/** Passwords that are forgotten and addresses that are verified, by mail; and whatever is tried with the links. */
export const recovering = (place: Place, mailbox: Mailbox): void => {
  const forget = (email: string, tab = newTab(place)): Promise<Response> =>
    tab.submit('/auth/forgot?lang=en', { email });
  const resetLink = async (email: string): Promise<string> => {
    const known = mailbox.mailsTo(email).length;
    expect((await forget(email)).status).toBe(303);
    return mailbox.linkTo(email, '/auth/reset', known);
  };
  /** Also where the page has no form any more: any page of ours gives the browser the form's secret. */
  const press = async (path: string, fields: Readonly<Record<string, string>> = {}, tab = newTab(place)) => {
    await tab.request('/auth/login');
    return tab.submit(`${path}&lang=en`, { form: tab.cookies.get('jari-form') ?? '', ...fields });
  };
  const reset = (path: string, wanted = better): Promise<Response> => press(path, { password: wanted });
  const enters = async (email: string, with_: string): Promise<number> =>
    (await newTab(place).submit('/auth/login', { email, password: with_ })).status;
  const isVerified = async (tab: Tab): Promise<boolean> =>
    ((await (await tab.call('GET', '/v1/me')).json()) as { emailVerified: boolean }).emailVerified;

  /** What the audit trail has of a method, newest first. */
  const actsOf = async (method: string): Promise<Entry[]> => {
    const { entries } = await ok(
      person(place, 'admin').get<{ entries: Entry[] }>('/v1/ops/identity/audit?page_size=200'),
    );
    return entries.filter((each) => each.method.endsWith(`/${method}`));
  };

  describe('a forgotten password (I1)', () => {
    test('is replaced by a mailed link, without JavaScript; then every session is over, and a mail tells of it', async () => {
      const { tab, email } = await signedIn(place);
      const personId = (await tab.session()).person?.id;
      const asked = await forget(email);
      const sent = await (await newTab(place).request(asked.headers.get('location') ?? '')).text();
      expect(sent).toContain('Look into your mail');
      const path = await mailbox.linkTo(email, '/auth/reset');
      const page = await newTab(place).request(`${path}&lang=en`);
      expect([page.status, page.headers.get('referrer-policy'), page.headers.get('cache-control')]).toEqual([
        ...[200, 'same-origin', 'no-store'],
      ]);
      const shown = await page.text();
      expect(shown).toContain(email);
      expect(shown).not.toContain('<script');
      const answer = await reset(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringContaining('changed')]);
      expect([await enters(email, password), await enters(email, better)]).toEqual([401, 303]);
      tab.cookies.delete('jari-token'); // as when it has ended
      expect((await tab.session()).person).toBeNull();
      await eventually(
        async () => mailbox.mailsTo(email),
        (mails) => mails.some((text) => text.includes('비밀번호가 바뀌었어요')),
      );
      const id = path.replace('/auth/reset?code=', '').split('.')[0];
      const acts = (await actsOf('ResetPassword')).filter(({ request }) => request.includes(String(id)));
      expect(acts).toMatchObject([{ callerId: personId, address: '127.0.0.1', outcome: 'OK' }]);
      expect(acts[0]?.changes).toContainEqual(expect.objectContaining({ aggregate: 'person', id: personId }));
      for (const each of [password, better, email]) expect(JSON.stringify(acts)).not.toContain(each);
      const again = newTab(place);
      await again.submit('/auth/login', { email, password: better });
      expect(await isVerified(again)).toBe(true);
      const { sessions } = (await (await again.call('GET', '/v1/me/sessions')).json()) as { sessions: unknown[] };
      expect(sessions).toHaveLength(2); // this one, and the one of the check above
    }, 30_000);

    test('is not replaced by one that is too common or too short, and the link stays good', async () => {
      const { email } = await signedIn(place);
      const path = await resetLink(email);
      for (const [bad, says] of [
        ['password123', 'too common'],
        ['short', '10 to 256 characters'],
      ] as const) {
        const answer = await reset(path, bad);
        expect([answer.status, (await answer.text()).includes(says)]).toEqual([400, true]);
      }
      expect((await reset(path)).status).toBe(303);
    }, 30_000);
  });

  describe('a password that its person changes (I1)', () => {
    test('is told by a mail and is on record, also when it is refused; a link that was mailed before is over', async () => {
      const { tab, email } = await signedIn(place);
      const id = (await tab.session()).person?.id;
      const link = await resetLink(email);
      expect((await changePassword(tab, 'not the password', better)).status).toBe(400);
      expect((await changePassword(tab, password, better)).status).toBe(200);
      await eventually(
        async () => mailbox.mailsTo(email),
        (mails) => mails.some((text) => text.includes('비밀번호가 바뀌었어요') && text.includes('/auth/forgot')),
      );
      expect((await newTab(place).request(link)).status).toBe(404);
      const acts = (await actsOf('ChangePassword')).filter(({ callerId }) => callerId === id);
      expect(acts).toMatchObject([
        { roles: ['customer'], address: '127.0.0.1', outcome: 'OK' },
        { outcome: 'FAILED_PRECONDITION', reason: 'WRONG_PASSWORD' },
      ]);
      expect(acts[0]?.changes).toContainEqual(expect.objectContaining({ aggregate: 'person', id }));
      for (const each of [password, better, email]) expect(JSON.stringify(acts)).not.toContain(each);
    }, 30_000);
  });

  describe('an attack on a link to an account', () => {
    const isOver = async (answer: Response): Promise<void> => {
      expect([answer.status, (await answer.text()).includes('This link cannot be used')]).toEqual([404, true]);
    };

    test('by using it again, and by using another one after it: one refusal (replay)', async () => {
      const { email } = await signedIn(place);
      const [first, second] = [await resetLink(email), await resetLink(email)];
      expect((await reset(second)).status).toBe(303);
      for (const each of [first, second]) {
        await isOver(await newTab(place).request(`${each}&lang=en`));
        await isOver(await reset(each, 'the password of a thief'));
      }
      expect(await enters(email, better)).toBe(303);
    }, 30_000);

    test('by five at once: one sets the password', async () => {
      const { email } = await signedIn(place);
      const path = await resetLink(email);
      const wanted = Array.from({ length: 5 }, (_, nth) => `the password of number ${nth}`);
      const answers = await Promise.all(wanted.map((each) => reset(path, each)));
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 404, 404, 404, 404]);
      const winner = wanted[answers.findIndex(({ status }) => status === 303)]!;
      for (const each of wanted) expect(await enters(email, each)).toBe(each === winner ? 303 : 401);
    }, 30_000);

    test('by time: it is over after 30 minutes', async () => {
      const { email } = await signedIn(place);
      const path = await resetLink(email);
      const [id] = path.slice(-80).split('.');
      await place.rows(
        'identity',
        `update account_link set state = jsonb_set(state, '{expires}', to_jsonb((state ->> 'expires')::bigint - 1800000)) where id = $1`,
        id,
      );
      await isOver(await reset(path));
    }, 30_000);

    test('by who was suspended: the answer is the same, no link comes, and one that is there is over', async () => {
      const { tab, email } = await signedIn(place);
      const path = await resetLink(email);
      const id = (await tab.session()).person?.id;
      await ok(person(place, 'boss:admin').post(`/v1/people/${id}:suspend`, { text: 'x' }));
      await isOver(await reset(path));
      const known = mailbox.mailsTo(email).length;
      expect((await forget(email)).status).toBe(303);
      await resetLink((await signedIn(place)).email); // whatever was to come would have come by now
      expect(mailbox.mailsTo(email)).toHaveLength(known);
    }, 30_000);

    test('by guessing says the same of every link that is none (enumeration)', async () => {
      const { email } = await signedIn(place);
      const path = await resetLink(email);
      const [id = '', secret = ''] = path.replace('/auth/reset?code=', '').split('.');
      for (const code of [`${id}.${'A'.repeat(43)}`, `${v7()}.${secret}`, `${id}.${secret}x`, ''])
        for (const page of ['reset', 'verify'])
          await isOver(await newTab(place).request(`/auth/${page}?code=${code}&lang=en`));
      await isOver(await press(path.replace('reset', 'verify'))); // a link is good for one thing
      expect((await reset(path)).status).toBe(303);
    }, 30_000);

    test('by a page of another site changes nothing (CSRF)', async () => {
      const { email } = await signedIn(place);
      const path = await resetLink(email);
      const tab = newTab(place);
      for (const origin of ['https://evil.example', 'null'])
        expect((await tab.submit(path, { password: better }, { origin })).status).toBe(403);
      expect((await tab.submit(path, { password: better, form: 'forged' })).status).toBe(403);
      expect(await enters(email, password)).toBe(303);
    }, 30_000);

    test('by asking whose addresses are known: status, headers and body are alike (enumeration)', async () => {
      const { email } = await signedIn(place);
      const asked = async (of: string) => {
        const answer = await forget(of);
        const { date: _, 'set-cookie': __, 'x-request-id': ___, ...headers } = Object.fromEntries(answer.headers);
        return { status: answer.status, headers, body: await answer.text() };
      };
      const [known, unknown] = [await asked(email), await asked(`nobody-${v7()}@example.com`)];
      expect(unknown).toEqual(known);
    }, 30_000);

    test('by mails to one address: at most five within an hour, whether somebody has it or not', async () => {
      const { email } = await signedIn(place);
      for (const each of [email, `nobody-${v7()}@example.com`]) {
        const statuses = [];
        for (let time = 0; time < 6; time++) statuses.push((await forget(each)).status);
        expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
        expect(await (await forget(each)).text()).toContain('A link that you have in your mail still works');
      }
    }, 30_000);

    test('on its way: neither address, secret nor password is readable in the database', async () => {
      const { email } = await signedIn(place);
      const path = await resetLink(email);
      const [id, secret = ''] = path.replace('/auth/reset?code=', '').split('.');
      const rows = await place.rows<{ text: string }>(
        'identity',
        `select encode(payload, 'escape') text from told where subject = $1 union all select state::text from account_link where id = $1::uuid`,
        id,
      );
      expect(rows).toHaveLength(2);
      for (const { text } of rows) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(email);
      }
    }, 30_000);
  });

  describe('an e-mail address (I1)', () => {
    test('is verified by the link that is mailed after registering, also once more; another one can be asked for', async () => {
      const { tab, email } = await signedIn(place);
      const first = await mailbox.linkTo(email, '/auth/verify');
      expect(await isVerified(tab)).toBe(false);
      const known = mailbox.mailsTo(email).length;
      expect((await tab.call('POST', '/v1/me:sendVerification', {})).status).toBe(200);
      const second = await mailbox.linkTo(email, '/auth/verify', known);
      expect(second).not.toBe(first);
      expect((await newTab(place).request(first)).status).toBe(200); // a look verifies nothing: mail servers look too
      expect(await isVerified(tab)).toBe(false);
      for (const each of [first, first, second]) {
        const answer = await press(each);
        expect([answer.status, (await answer.text()).includes('is verified')]).toEqual([200, true]);
      }
      expect(await isVerified(tab)).toBe(true);
      const refused = await tab.call('POST', '/v1/me:sendVerification', {});
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('NOTHING_TO_VERIFY')]);
    }, 30_000);
  });
};
