import { describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { userId } from '#adapters/auth/token.ts';
import { newTab, type Tab } from '../browser-session.ts';
import { eventually } from '../eventually.ts';
import { ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';

export const password = 'a good long password';
let count = 0;
const newEmail = (): string => `somebody-${Date.now()}-${count++}@example.com`;

const registered = async (place: Place): Promise<{ tab: Tab; email: string }> => {
  const [tab, email] = [newTab(place), newEmail()];
  const answer = await tab.submit('/auth/register', { email, password, name: '김하늘', agreed: 'yes' });
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    expect.stringMatching(/^\/auth\/login\?.*registered/),
  ]);
  return { tab, email };
};
export const signedIn = async (place: Place): Promise<{ tab: Tab; email: string }> => {
  const { tab, email } = await registered(place);
  expect((await tab.submit('/auth/login', { email, password })).status).toBe(303);
  return { tab, email };
};
const tokenOf = ({ cookies }: Tab): string => cookies.get('jari-token') ?? '';

/** People sign in with a browser, and whatever attacks it. */
export const signingIn = (place: Place): void => {
  describe('signing in (I1)', () => {
    test('somebody who registers signs in by e-mail and password, without JavaScript, and comes back to where they were', async () => {
      const { tab, email } = await registered(place);
      expect(await tab.session()).toMatchObject({ person: null, roles: [] });
      const answer = await tab.submit('/auth/login?return_to=%2Forders%3Fpage%3D2', { email, password });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/orders?page=2']);
      const session = await tab.session();
      expect(session).toMatchObject({
        person: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), display_name: '김하늘', language: 'ko' },
        roles: ['customer'],
      });
      expect(Date.parse(session.expires) - Date.now()).toBeGreaterThan(540_000);
      expect((await tab.call('GET', '/v1/orders')).status).toBe(200);
    });

    test('a token names the issuer, the audience, the person, their roles and when they signed in, and ends after ten minutes', async () => {
      const { tab } = await signedIn(place);
      const claims = decodeJwt(tokenOf(tab));
      expect(claims).toMatchObject({
        iss: expect.stringMatching(/^https?:/),
        aud: 'jari',
        sub: (await tab.session()).person?.id,
        roles: ['customer'],
        auth_time: expect.any(Number),
      });
      expect(claims.exp! - claims.iat!).toBe(600);
      expect(decodeProtectedHeader(tokenOf(tab)).alg).toBe('ES256');
      const { keys } = (await (await tab.request('/oidc/jwks')).json()) as { keys: object[] };
      expect(keys).toContainEqual(expect.objectContaining({ kid: decodeProtectedHeader(tokenOf(tab)).kid, kty: 'EC' }));
      expect(JSON.stringify(keys)).not.toContain('"d"');
    });

    test('a stream works by the cookie', async () => {
      const { tab } = await signedIn(place);
      const answer = await tab.request('/v1/orders/019a3000-0000-7000-8000-00000000ffff:watch');
      expect(answer.status).toBe(404); // nobody's order, and no 401: the caller is known
      await answer.body?.cancel();
    });

    test('somebody changes their name and language, and sees and ends their sessions (I3)', async () => {
      const { tab, email } = await signedIn(place);
      const phone = newTab(place);
      await phone.submit('/auth/login', { email, password }, { 'user-agent': 'Phone' });
      const changed = await tab.call('PATCH', '/v1/me', { display_name: '하늘', language: 'EN' });
      expect(await changed.json()).toMatchObject({ displayName: '하늘', language: 'EN', email });
      expect(await tab.session()).toMatchObject({ person: { display_name: '하늘', language: 'en' } });
      const { sessions } = (await (await tab.call('GET', '/v1/me/sessions')).json()) as {
        sessions: { id: string; device: string; current: boolean }[];
      };
      expect(sessions.map(({ device, current }) => ({ isPhone: device === 'Phone', current }))).toEqual([
        { isPhone: true, current: false },
        { isPhone: false, current: true },
      ]);
      const [other] = sessions;
      expect((await tab.call('DELETE', `/v1/me/sessions/${other!.id}`)).status).toBe(200);
      phone.cookies.delete('jari-token'); // as when it has ended
      expect(await phone.session()).toMatchObject({ person: null });
      expect(phone.cookies.has('jari-session')).toBe(false);
      const stranger = await signedIn(place);
      expect((await stranger.tab.call('DELETE', `/v1/me/sessions/${other!.id}`)).status).toBe(404);
    });

    test('signing out ends the session, and its cookies', async () => {
      const { tab } = await signedIn(place);
      const copy = tab.copy();
      expect((await tab.call('POST', '/auth/logout')).status).toBe(204);
      expect([...tab.cookies.keys()]).toEqual(['jari-form']);
      copy.cookies.delete('jari-token');
      expect(await copy.session()).toMatchObject({ person: null });
    });

    test('the sample people sign in at one click in development, and own what their tokens of the command line own', async () => {
      const tab = newTab(place);
      expect((await tab.submit('/auth/sample', { name: 'host' })).status).toBe(303);
      expect(await tab.session()).toMatchObject({
        person: { id: userId('host'), display_name: '박정우' },
        roles: ['customer', 'host'],
      });
      expect((await ok(person(place, 'host').get('/v1/me'))) as object).toMatchObject({ id: userId('host') });
      expect((await newTab(place).submit('/auth/sample', { name: 'nobody-like-that' })).status).toBe(401);
    });
  });

  describe('two tabs that renew at once (I1)', () => {
    test('stay signed in, 200 times', async () => {
      const { tab } = await signedIn(place);
      let { cookies } = tab;
      for (let time = 0; time < 200; time++) {
        const tabs = [newTab(place, new Map(cookies)), newTab(place, new Map(cookies))] as const;
        for (const each of tabs) each.cookies.delete('jari-token');
        const sessions = await Promise.all(tabs.map((each) => each.session()));
        expect(sessions.every(({ person: who }) => who !== null)).toBe(true);
        cookies = tabs[time % 2]!.cookies; // whichever answer came last
      }
      const last = newTab(place, cookies);
      expect((await last.call('GET', '/v1/orders')).status).toBe(200);
    }, 60_000);
  });

  describe('an attack on signing in', () => {
    test.each([
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      '/\t/evil.example',
      '/%09/evil.example',
      'javascript:alert(1)',
      '/..//evil.example',
      'orders',
    ])('an open redirect to %j goes to a page of ours', async (wanted) => {
      const tab = newTab(place);
      const answer = await tab.submit(`/auth/sample?return_to=${encodeURIComponent(wanted)}`, { name: 'guest' });
      const location = answer.headers.get('location') ?? '';
      expect(answer.status).toBe(303);
      expect(new URL(location, place.rest).origin).toBe(place.rest);
      expect(location).toMatch(/^\/(?![/\\])/);
    });

    test('a session that was planted before is not the one that is signed in, and is over (fixation)', async () => {
      const attacker = await signedIn(place);
      const victim = newTab(place, new Map([['jari-session', attacker.tab.cookies.get('jari-session')!]]));
      const mine = await registered(place);
      await victim.submit('/auth/logout', {});
      victim.cookies.set('jari-session', attacker.tab.cookies.get('jari-session')!);
      await victim.submit('/auth/login', { email: mine.email, password });
      expect(victim.cookies.get('jari-session')).not.toBe(attacker.tab.cookies.get('jari-session'));
      attacker.tab.cookies.delete('jari-token');
      expect(await attacker.tab.session()).toMatchObject({ person: null });
      expect((await victim.session()).person).not.toBeNull();
    });

    test('a form of another site signs nobody in or out (CSRF)', async () => {
      const { tab, email } = await signedIn(place);
      const evil = { origin: 'https://evil.example' };
      for (const headers of [evil, { origin: 'null' }, { origin: '' }]) {
        expect((await newTab(place).submit('/auth/login', { email, password }, headers)).status).toBe(403);
        expect((await newTab(place).submit('/auth/sample', { name: 'guest' }, headers)).status).toBe(403);
        expect(
          (await newTab(place).submit('/auth/register', { email, password, name: 'x', agreed: 'yes' }, headers)).status,
        ).toBe(403);
        expect((await tab.submit('/auth/logout', {}, headers)).status).toBe(403);
      }
      expect((await newTab(place).submit('/auth/login', { email, password, form: 'forged' })).status).toBe(403);
      expect((await tab.request('/auth/logout', { method: 'POST' })).status).toBe(403);
      expect((await tab.session()).person).not.toBeNull();
    });

    test('a page of another site changes nothing by the cookie: without the header or the origin it is refused (CSRF)', async () => {
      const { tab } = await signedIn(place);
      const change = { display_name: 'Mallory' };
      for (const headers of [
        { 'jari-client': '' },
        { 'jari-client': 'other' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: '' },
      ] as Record<string, string>[]) {
        const answer = await tab.call('PATCH', '/v1/me', change, headers);
        expect(refusalOf({ status: answer.status, headers: answer.headers, body: await answer.json() })).toMatchObject({
          status: 403,
          reason: 'PERMISSION_DENIED',
        });
      }
      expect((await tab.session()).person?.display_name).toBe('김하늘');
      expect((await tab.call('PATCH', '/v1/me', { display_name: 'Own' })).status).toBe(200);
      const token = `Bearer ${tokenOf(tab)}`; // whoever has a token in hand needs no cookie, and no header
      const by = newTab(place);
      expect((await by.request('/v1/me', { headers: { authorization: token } })).status).toBe(200);
    });

    test('a forged, foreign or worn-out cookie is refused at the gateway', async () => {
      const { tab } = await signedIn(place);
      const [header = '', payload = '', signature = ''] = tokenOf(tab).split('.');
      const part = (of: object): string => Buffer.from(JSON.stringify(of)).toString('base64url');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      for (const cookie of [
        'garbage',
        `${header}.${part({ ...claims, roles: ['admin'] })}.${signature}`,
        `${part({ alg: 'none' })}.${payload}.`,
        `${header}.${part({ ...claims, exp: 1 })}.${signature}`,
      ]) {
        for (const path of ['/v1/orders', '/v1/rooms', '/v1/me']) {
          const answer = await newTab(place, new Map([['jari-token', cookie]])).request(path);
          expect(
            refusalOf({ status: answer.status, headers: answer.headers, body: await answer.json() }),
          ).toMatchObject({ status: 401, code: 16, reason: 'UNAUTHENTICATED' });
        }
        const without = newTab(place, new Map([['jari-token', cookie]]));
        expect(await without.session()).toMatchObject({ person: null });
      }
    });

    test('no page can frame the sign-in pages, and they run no script (clickjacking, injection)', async () => {
      const tab = newTab(place);
      const email = `"><script>alert(1)</script>@example.com`;
      const answer = await tab.submit('/auth/login', { email, password });
      const page = await answer.text();
      const csp = answer.headers.get('content-security-policy') ?? '';
      expect(csp).toContain("frame-ancestors 'none'");
      expect(csp).toContain("default-src 'none'");
      expect(csp).not.toContain('unsafe');
      expect(answer.headers.get('x-frame-options')).toBe('DENY');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(page).not.toContain('<script');
      expect(page).toContain('&#60;script&#62;');
    });

    test('cookies are hidden from scripts and from other sites', async () => {
      const tab = newTab(place);
      const answer = await tab.submit('/auth/sample', { name: 'guest' });
      const lines = answer.headers.getSetCookie();
      expect(lines.length).toBeGreaterThanOrEqual(2);
      for (const line of lines) expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax/);
    });

    test('who guesses a password is stopped by the account, and a right password does not help then', async () => {
      const { email } = await registered(place);
      const guess = (secret: string): Promise<Response> =>
        newTab(place).submit('/auth/login', { email: email.toUpperCase(), password: secret });
      for (let time = 0; time < 5; time++) expect((await guess(`wrong password ${time}`)).status).toBe(401);
      const stopped = await guess(password);
      expect([stopped.status, Number(stopped.headers.get('retry-after')) > 200]).toEqual([429, true]);
    });

    test('nobody learns whether an account exists: the answers are the same, and take as long (enumeration)', async () => {
      const { email } = await registered(place);
      const timed = async (of: string): Promise<{ ms: number; page: string }> => {
        const tab = newTab(place);
        await tab.request('/auth/login');
        const begun = performance.now();
        const answer = await tab.submit('/auth/login', { email: of, password: 'not the password' });
        const page = await answer.text();
        const plain = page.replaceAll(/value="[^"]*"/g, '');
        return { ms: performance.now() - begun, page: `${answer.status} ${plain}` };
      };
      const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
      for (let time = 0; time < 4; time++) {
        const [known, unknown] = [await timed(email), await timed(newEmail())];
        if (time === 0) expect(known.page).toBe(unknown.page);
        times.known.push(known.ms);
        times.unknown.push(unknown.ms);
      }
      const least = (of: number[]): number => Math.min(...of);
      expect(least(times.unknown)).toBeGreaterThan(least(times.known) * 0.5);
      expect(least(times.known)).toBeGreaterThan(least(times.unknown) * 0.5);
      const again = await newTab(place).submit('/auth/register', {
        email,
        password: 'another long password',
        name: 'Eve',
        agreed: 'yes',
      });
      expect([again.status, again.headers.get('location')]).toEqual([303, expect.stringContaining('registered')]);
      const first = newTab(place);
      expect((await first.submit('/auth/login', { email, password })).status).toBe(303); // the account is unchanged
    });

    test.each([
      ['a short one', 'too short'],
      ['a common one', 'qwertyuiop'],
      ['a common one in upper case', 'PASSWORD123'],
    ])('a password is refused: %s', async (_, weak) => {
      const answer = await newTab(place).submit('/auth/register', {
        email: newEmail(),
        password: weak,
        name: 'x',
        agreed: 'yes',
      });
      expect(answer.status).toBe(400);
    });
  });
};

/** Where verifiers fetch new keys at once. Envoy asks once a minute, which a rotation leaves it time for (JARI_KEY_LEAD_SECONDS). */
export const rotatingKeys = (place: Place): void => {
  describe('keys (I2)', () => {
    test('rotate while people call, and no request fails', async () => {
      const { tab } = await signedIn(place);
      const admin = person(place, 'admin');
      let running = true;
      const statuses: number[] = [];
      const calling = (async () => {
        while (running) {
          const fresh = newTab(place, new Map([...tab.cookies].filter(([name]) => name !== 'jari-token')));
          await fresh.session();
          const session = fresh.cookies.get('jari-session');
          if (session) tab.cookies.set('jari-session', session);
          const answers = await Promise.all(Array.from({ length: 5 }, () => fresh.call('GET', '/v1/orders')));
          statuses.push(...answers.map(({ status }) => status));
        }
      })();
      const kidNow = async (): Promise<string | undefined> => {
        const fresh = newTab(place, new Map([...tab.cookies].filter(([name]) => name !== 'jari-token')));
        await fresh.session();
        return decodeProtectedHeader(tokenOf(fresh)).kid;
      };
      const before = await kidNow();
      const rotated = await ok(admin.post<{ keys: { kid: string }[] }>('/oidc/jwks:rotate'));
      expect(rotated.keys.length).toBeGreaterThan(1);
      await eventually(kidNow, (kid) => kid !== undefined && kid !== before, 30_000);
      running = false;
      await calling;
      expect(statuses.length).toBeGreaterThan(20);
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
    }, 60_000);
  });
};
