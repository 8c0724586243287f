import { describe, expect, test } from '@jest/globals';
import { SignJWT, importJWK } from 'jose';
import { v7 } from 'uuid';
import { audience, issueToken, issuer, userId } from '#adapters/auth/token.ts';
import { newTab } from '../browser-session.ts';
import { nobody, ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { password, signedIn } from './signing-in.ts';

/** What is dangerous asks for a sign-in of the last five minutes. */
export const steppingUp = (place: Place): void => {
  const admin = person(place, 'admin');
  const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
  /** Each of them, by a token: what it is refused for, or that it was not for this. */
  const asked = async (token: string): Promise<(string | undefined)[]> => {
    const headers = { authorization: `Bearer ${token}` };
    const calls = [
      nobody(place).post(`/v1/people/${v7()}:setRoles`, { roles: [] }, headers),
      nobody(place).post(`/v1/people/${v7()}:suspend`, { text: 'x' }, headers),
      nobody(place).post(`/v1/people/${v7()}:restore`, {}, headers),
      nobody(place).post('/v1/invitations', { email: 'a@example.com', role: 'agent', language: 'KO' }, headers),
    ];
    return (await Promise.all(calls)).map((answer) =>
      answer.status === 200 ? 'OK' : `${answer.status} ${refusalOf(answer).reason}`,
    );
  };
  const all = (answer: string): string[] => Array.from({ length: 4 }, () => answer);

  describe('a sign-in that is not recent (I3)', () => {
    test('suffices for reading, and for nothing that is dangerous', async () => {
      const old = await issueToken('admin', place.key, ago(6));
      const refusals = async (): Promise<number> =>
        (await place.rows('identity', `select from audit where content like '%SIGN_IN_AGAIN%'`)).length;
      const before = await refusals();
      expect(await asked(old)).toEqual(all('400 SIGN_IN_AGAIN'));
      expect(await refusals()).toBe(before + 4); // on record, as what is done
      const list = nobody(place).get<{ people: unknown[] }>('/v1/people', { authorization: `Bearer ${old}` });
      expect((await ok(list)).people.length).toBeGreaterThan(0);
      expect(await asked(await issueToken('admin', place.key, ago(4)))).toEqual([
        ...all('404 NO_SUCH_PERSON').slice(1),
        'OK',
      ]);
    });

    test('is one of a token that does not say when its person signed in', async () => {
      const token = await new SignJWT({ roles: ['admin'] })
        .setProtectedHeader({ alg: 'ES256', kid: place.key.kid })
        .setSubject(userId('admin'))
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime('1h')
        .sign(await importJWK(place.key, 'ES256'));
      expect(await asked(token)).toEqual(all('400 SIGN_IN_AGAIN'));
    });

    test('is made recent by signing in again, which leads back; renewing the session does not', async () => {
      const { tab, email } = await signedIn(place);
      const id = (await tab.session()).person?.id ?? '';
      await ok(admin.post(`/v1/people/${id}:setRoles`, { roles: ['admin'] }));
      await place.rows(
        'identity',
        `update session set state = jsonb_set(state, '{at}', to_jsonb((state ->> 'at')::bigint - 360000)) where person_id = $1`,
        id,
      );
      expect((await tab.session()).roles).toContain('admin'); // a renewed token
      const invite = (): Promise<Response> =>
        tab.call('POST', '/v1/invitations', { email: 'b@example.com', role: 'agent', language: 'KO' });
      const refused = await invite();
      expect(refusalOf({ status: refused.status, headers: refused.headers, body: await refused.json() })).toMatchObject(
        { status: 400, code: 9, reason: 'SIGN_IN_AGAIN' },
      );
      const path = '/auth/login?again=&return_to=%2Fpeople';
      expect(await (await tab.request(path)).text()).toContain('name="password"'); // though signed in
      const before = tab.copy();
      const back = await tab.submit(path, { email, password });
      expect([back.status, back.headers.get('location')]).toEqual([303, '/people']);
      expect((await invite()).status).toBe(200);
      before.cookies.delete('jari-token');
      expect((await before.session()).person).toBeNull(); // the session before is over
      expect((await newTab(place).submit(path, { email, password: 'not the password' })).status).toBe(401);
    });
  });
};
