import { describe, expect, test } from '@jest/globals';
import { userId } from '#adapters/auth/token.ts';
import { newTab, type Tab } from '../browser-session.ts';
import { eventually } from '../eventually.ts';
import { ok, person, refusalOf, type Answer } from '../people.ts';
import type { Place } from '../place.ts';
import { password, signedIn } from './signing-in.ts';

interface Shown {
  id: string;
  displayName: string;
  roles: string[];
  status: string;
}

const idOf = async (tab: Tab): Promise<string> => (await tab.session()).person?.id ?? '';
const reasonIn = (answer: Answer<unknown>): unknown[] => {
  const { status, reason } = refusalOf(answer);
  return [status, reason];
};

/** What people may be, who decides it, and who is shut out. */
export const peopleAndRoles = (place: Place): void => {
  const admin = person(place, 'admin');
  const find = async (query: string, by = admin): Promise<Shown[]> =>
    (await ok(by.get<{ people: Shown[] }>(`/v1/people?${query}`))).people;

  describe('roles (I3)', () => {
    test('anybody becomes a host by accepting the terms, and may do at once what a host may', async () => {
      const { tab } = await signedIn(place);
      const unwilling = { role: 'host', accept_terms: false };
      expect((await tab.call('POST', '/v1/me:become', unwilling)).status).toBe(400);
      expect((await tab.call('POST', '/v1/me:become', { role: 'admin' })).status).toBe(400);
      const became = await tab.call('POST', '/v1/me:become', { role: 'host' });
      expect(await became.json()).toMatchObject({ roles: ['customer', 'host'] });
      const again = await tab.call('POST', '/v1/me:become', { role: 'host', accept_terms: true });
      expect(again.status).toBe(200);
      expect((await tab.session()).roles).toEqual(['customer', 'host']); // a new token, long before the old one ends
      const list = await tab.call('GET', '/v1/stay-requests');
      expect(list.status).toBe(200);
    });

    test('administrators find people by a part of the name, the whole e-mail address and the role, newest first', async () => {
      const { tab, email } = await signedIn(place);
      const name = `Renée ${Date.now()}`;
      await tab.call('PATCH', '/v1/me', { display_name: name });
      const id = await idOf(tab);
      expect(
        (await find(`q=${encodeURIComponent(name.toLowerCase().replace('é', 'e').slice(2))}`)).map((each) => each.id),
      ).toEqual([id]);
      expect((await find(`q=${encodeURIComponent(email.toUpperCase())}`)).map((each) => each.id)).toEqual([id]);
      expect(await find('q=nobody%40example.com')).toEqual([]);
      expect((await find('role=courier')).map((each) => each.id)).toContain(userId('courier'));
      expect(await find(`role=courier&q=${encodeURIComponent(email)}`)).toEqual([]);
      const [newest] = await find('page_size=1');
      expect(newest?.id.localeCompare(id)).toBeGreaterThanOrEqual(0);
    });

    test('administrators set roles, of others alone', async () => {
      const { tab } = await signedIn(place);
      const id = await idOf(tab);
      const set = await ok(admin.post<Shown>(`/v1/people/${id}:setRoles`, { roles: ['courier', 'agent'] }));
      expect(set.roles).toEqual(['customer', 'courier', 'agent']);
      expect((await tab.session()).roles).toEqual(['customer', 'courier', 'agent']);
      expect((await ok(admin.post<Shown>(`/v1/people/${id}:setRoles`, {}))).roles).toEqual(['customer']);
      const own = `/v1/people/${admin.id}`;
      expect(reasonIn(await admin.post(`${own}:setRoles`, { roles: [] }))).toEqual([403, 'OWN_ACCOUNT']);
      expect(reasonIn(await admin.post(`${own}:suspend`, { text: 'x' }))).toEqual([403, 'OWN_ACCOUNT']);
      expect(reasonIn(await admin.post(`${own}:restore`, {}))).toEqual([403, 'OWN_ACCOUNT']);
      expect((await admin.post(`/v1/people/${id}:setRoles`, { roles: ['emperor'] })).status).toBe(400);
    });

    test('an administrator gets further roles, and accepts an invitation', async () => {
      const { tab } = await signedIn(place);
      const id = await idOf(tab);
      for (const roles of [['admin'], ['admin', 'agent']])
        expect((await ok(admin.post<Shown>(`/v1/people/${id}:setRoles`, { roles }))).roles).toContain('admin');
      const made = await ok(
        admin.post<{ link: string }>('/v1/invitations', { email: 'more@example.com', role: 'courier', language: 'KO' }),
      );
      const { pathname, search } = new URL(made.link);
      await tab.request('/auth/login'); // any page of ours gives the form's secret
      expect((await tab.submit(pathname + search, { form: tab.cookies.get('jari-form') ?? '' })).status).toBe(200);
      expect((await tab.session()).roles).toEqual(['customer', 'courier', 'agent', 'admin']);
      await ok(admin.post(`/v1/people/${id}:setRoles`, {}));
    });

    test('the last administrator stays one, also when two are dismissed at once', async () => {
      const tabs = [await signedIn(place), await signedIn(place)];
      const ids = await Promise.all(tabs.map(({ tab }) => idOf(tab)));
      for (const id of ids) await ok(admin.post(`/v1/people/${id}:setRoles`, { roles: ['admin'] }));
      const boss = person(place, 'boss:admin'); // of the command line, and no person here
      for (const { id } of await find('role=admin'))
        if (!ids.includes(id)) await ok(boss.post(`/v1/people/${id}:setRoles`, {}));
      const answers = await Promise.all(ids.map((id) => boss.post<Shown>(`/v1/people/${id}:setRoles`, {})));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
      const [last] = await find('role=admin', boss); // the other is no administrator any more
      expect(ids).toContain(last!.id);
      expect(reasonIn(await boss.post(`/v1/people/${last!.id}:suspend`, { text: 'x' }))).toEqual([400, 'LAST_ADMIN']);
      await ok(boss.post(`/v1/people/${admin.id}:setRoles`, { roles: ['admin'] }));
      await ok(boss.post(`/v1/people/${last!.id}:suspend`, { text: 'x' }));
    });

    test('what an administrator did to a person is on record', async () => {
      const { tab } = await signedIn(place);
      const id = await idOf(tab);
      await ok(admin.post(`/v1/people/${id}:suspend`, { text: 'Spam' }));
      const { entries } = await ok(
        admin.get<{ entries: { method: string; request: string; callerId: string }[] }>('/v1/ops/identity/audit'),
      );
      expect(entries[0]).toMatchObject({
        ...{ method: '/jari.identity.v1.IdentityService/Suspend', callerId: admin.id },
        request: expect.stringContaining(id),
      });
    });
  });

  describe('an administrator who is suspended (I3)', () => {
    test('can do nothing more with the token, at once', async () => {
      const { tab } = await signedIn(place);
      const id = await idOf(tab);
      await ok(admin.post(`/v1/people/${id}:setRoles`, { roles: ['admin'] }));
      await tab.session(); // a token with the role
      const crony = { email: 'crony@example.com', role: 'admin', language: 'KO' };
      const made = await tab.call('POST', '/v1/invitations', crony);
      const { pathname, search } = new URL(((await made.json()) as { link: string }).link);
      await ok(admin.post(`/v1/people/${id}:suspend`, { text: 'Lost laptop' }));
      const answers = [
        await tab.call('POST', `/v1/people/${id}:restore`, {}),
        await tab.call('POST', `/v1/people/${admin.id}:suspend`, { text: 'x' }),
        await tab.call('POST', '/v1/invitations', crony),
        await tab.call('GET', '/v1/people'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      const { tab: other } = await signedIn(place);
      expect((await other.request(pathname + search)).status).toBe(404); // the invitation fell with its administrator
      expect((await other.submit(pathname + search, { form: other.cookies.get('jari-form') ?? '' })).status).toBe(404);
      await ok(admin.post(`/v1/people/${id}:restore`, {}));
      await ok(admin.post(`/v1/people/${id}:setRoles`, {}));
    });
  });

  describe('whoever has a staff role no longer (I3)', () => {
    test.each([
      ['lost it', 'setRoles', {}],
      ['is suspended', 'suspend', { text: 'Lost laptop' }],
    ])('can do nothing more in it with the token, in any service, at once: %s', async (_, act, request) => {
      const { tab } = await signedIn(place);
      const id = await idOf(tab);
      await ok(admin.post(`/v1/people/${id}:setRoles`, { roles: ['courier', 'agent', 'admin'] }));
      await tab.session(); // a token with the roles
      const paths = ['/v1/orders?as=ALL', '/v1/stay-requests', '/v1/ops/views/status', '/v1/people'];
      const answers = () => Promise.all(paths.map(async (path) => (await tab.call('GET', path)).status));
      expect(await answers()).toEqual(paths.map(() => 200));
      await ok(admin.post(`/v1/people/${id}:${act}`, request));
      await eventually(answers, (statuses) => expect(statuses).toEqual(paths.map(() => 403)));
      expect((await tab.call('GET', '/v1/orders')).status).toBe(200); // as a customer
    });
  });

  describe('who is suspended (I3)', () => {
    test('is signed out everywhere and cannot sign in until restored; why is told after the right password alone', async () => {
      const { tab, email } = await signedIn(place);
      const id = await idOf(tab);
      const why = 'Reviews <for money>';
      const answer = await ok(admin.post<Shown>(`/v1/people/${id}:suspend`, { text: why }));
      expect(answer).toMatchObject({ status: 'SUSPENDED', suspensionText: why });
      const enter = (secret: string): Promise<Response> =>
        newTab(place).submit('/auth/login', { email, password: secret });
      const [wrong, right] = [await enter('not the password'), await enter(password)];
      expect([wrong.status, right.status]).toEqual([401, 403]);
      expect(await wrong.text()).not.toContain('Reviews');
      expect(await right.text()).toContain('Reviews &#60;for money&#62;');
      expect(right.headers.getSetCookie().join()).not.toContain('jari-session');
      expect((await tab.session()).person).toBeNull();
      await eventually(
        () =>
          place.rows<{ open: number }>(
            'identity',
            `select count(*)::int open from session where person_id = $1 and status = 'open'`,
            id,
          ),
        ([row]) => row?.open === 0,
      );
      await ok(admin.post(`/v1/people/${id}:restore`, {}));
      expect((await tab.session()).person).toBeNull(); // the session stays over
      expect((await enter(password)).status).toBe(303);
    });
  });
};
