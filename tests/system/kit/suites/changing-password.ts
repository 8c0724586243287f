import { describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { newTab, type Tab } from '../browser-session.ts';
import { eventually } from '../eventually.ts';
import { refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { password, signedIn } from './signing-in.ts';

const better = 'an even longer password';

export const changePassword = (
  tab: Tab,
  current: string,
  next: string,
  headers?: Readonly<Record<string, string>>,
): Promise<Response> =>
  tab.call('POST', '/v1/me:changePassword', { current_password: current, new_password: next }, headers);

/** Whoever is signed in changes their password, and whatever is tried with that. */
export const changingPassword = (place: Place): void => {
  const enter = async (email: string, with_: string, tab = newTab(place)): Promise<number> =>
    (await tab.submit('/auth/login', { email, password: with_ })).status;
  const refused = async (answer: Response) =>
    refusalOf({ status: answer.status, headers: answer.headers, body: await answer.json() });

  describe('a password that its person changes (I1)', () => {
    test('is changed by the current one: this browser stays signed in, also for another change, and no other does', async () => {
      const { tab, email } = await signedIn(place);
      const other = newTab(place);
      expect(await enter(email, password, other)).toBe(303);
      const answer = await changePassword(tab, password, 'one in between');
      expect([answer.status, await answer.json()]).toEqual([200, {}]);
      expect((await changePassword(tab, 'one in between', better)).status).toBe(200);
      for (const each of [tab, other]) each.cookies.delete('jari-token'); // as when it has ended
      expect([(await tab.session()).person === null, (await other.session()).person]).toEqual([false, null]);
      expect([await enter(email, password), await enter(email, better)]).toEqual([401, 303]);
      const open = async (): Promise<boolean[]> => {
        const list = (await (await tab.call('GET', '/v1/me/sessions')).json()) as { sessions: { current: boolean }[] };
        return list.sessions.map(({ current }) => current);
      };
      await eventually(open, (found) => found.length === 2); // the one of the check above, and this one
      expect(await open()).toEqual([false, true]);
    }, 30_000);

    test('is changed once when it is asked twice with one key, of which nothing kept tells the passwords', async () => {
      const { tab } = await signedIn(place);
      const headers = { 'idempotency-key': v7() };
      const answers = await Promise.all([1, 2, 3].map(() => changePassword(tab, password, better, headers)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await refused(await changePassword(tab, password, better))).toMatchObject({ reason: 'WRONG_PASSWORD' });
      const id = (await tab.session()).person?.id;
      const [kept] = await place.rows<{ fingerprint: string }>(
        'identity',
        `select fingerprint from kept_answer where caller = $1 and method like '%/ChangePassword'`,
        id,
      );
      const plain = Buffer.from([
        10,
        password.length,
        ...Buffer.from(password),
        18,
        better.length,
        ...Buffer.from(better),
      ]);
      const hash = Buffer.from(await crypto.subtle.digest('SHA-256', plain)).toString('base64url');
      expect(kept?.fingerprint).toMatch(/^[\w-]{43}$/);
      expect(kept?.fingerprint).not.toBe(hash);
    }, 30_000);

    test('stays as it is for a wrong one; who guesses is stopped as at sign-in, and there too (brute force)', async () => {
      const { tab, email } = await signedIn(place);
      for (let left = 4; left >= 0; left--) {
        const answer = await changePassword(tab, `wrong password ${left}`, better);
        expect([answer.status, await answer.text()]).toEqual([
          400,
          expect.stringMatching(new RegExp(`WRONG_PASSWORD.*"left":"${left}"`)),
        ]);
      }
      const stopped = await changePassword(tab, password, better);
      expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(200);
      expect(await refused(stopped)).toMatchObject({ status: 429, reason: 'TOO_MANY_ATTEMPTS' });
      expect(await enter(email, password)).toBe(429);
    }, 30_000);

    test('is neither too common nor too short, and each wrong field is named', async () => {
      const { tab, email } = await signedIn(place);
      expect(await refused(await changePassword(tab, password, 'password123'))).toMatchObject({
        ...{ status: 400, reason: 'PASSWORD_COMMON' },
      });
      const { fields } = await refused(await changePassword(tab, '', 'short'));
      expect(fields).toEqual(['current_password', 'new_password']);
      expect(await enter(email, password)).toBe(303);
    }, 30_000);

    test('is one that there is: a sample person has none, and nobody is asked who is not signed in', async () => {
      const sample = newTab(place);
      await sample.submit('/auth/sample', { name: 'guest' });
      expect(await refused(await changePassword(sample, password, better))).toMatchObject({ reason: 'NO_PASSWORD' });
      expect((await changePassword(newTab(place), password, better)).status).toBe(401);
    }, 30_000);
  });
};
