import { describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { v7 } from 'uuid';
import { newTab, type Tab } from '../browser-session.ts';
import { ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { password, signedIn } from './signing-in.ts';

interface Invitation {
  id: string;
  status: string;
  email: string;
  acceptedBy: string;
  link: string;
}

interface Entry {
  request: string;
  changes: { after: string }[];
}

/** Somebody is invited to a role, and whatever is tried with the link. */
export const inviting = (place: Place): void => {
  const admin = person(place, 'admin');
  let count = 0;
  const invited = async (role = 'courier'): Promise<Invitation & { path: string }> => {
    const email = `Invited-${Date.now()}-${count++}@example.com`;
    const made = await ok(admin.post<Invitation>('/v1/invitations', { email, role, language: 'EN' }));
    const { pathname, search } = new URL(made.link);
    return { ...made, path: pathname + search };
  };
  const statusOf = async (id: string): Promise<Invitation | undefined> => {
    const { invitations } = await ok(admin.get<{ invitations: Invitation[] }>('/v1/invitations?page_size=200'));
    return invitations.find((each) => each.id === id);
  };
  /** Also where the page has no form any more: any page of ours gives the browser the form's secret. */
  const accept = async (tab: Tab, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => {
    await tab.request('/auth/login');
    return tab.submit(path, { form: tab.cookies.get('jari-form') ?? '' }, headers);
  };
  const rolesOf = async (tab: Tab): Promise<string[]> => (await tab.session()).roles;

  describe('an invitation (I3)', () => {
    test('gives its role to who is signed in and accepts it, once, without JavaScript', async () => {
      const { path, id, email } = await invited();
      expect(await statusOf(id)).toMatchObject({ status: 'OPEN', email, link: '' });
      const { tab } = await signedIn(place);
      const page = await (await tab.request(`${path}&lang=en`)).text();
      expect(page).toContain('Invitation: Courier');
      expect(page).not.toContain('<script');
      expect((await accept(tab, path)).status).toBe(200);
      expect(decodeJwt(tab.cookies.get('jari-token') ?? '')['roles']).toEqual(['customer', 'courier']); // at once
      const me = (await tab.session()).person?.id;
      expect(await statusOf(id)).toMatchObject({ status: 'ACCEPTED', acceptedBy: me });
      const { entries } = await ok(admin.get<{ entries: Entry[] }>('/v1/ops/identity/audit?page_size=200'));
      const act = entries.find(({ request }) => request.includes(id));
      expect(act).toMatchObject({ callerId: me, address: '127.0.0.1', outcome: 'OK' });
      expect(act?.changes[0]?.after).toContain('["customer","courier"]');
      const withdrawing = await admin.delete(`/v1/invitations/${id}`);
      expect(refusalOf(withdrawing)).toMatchObject({ status: 400, reason: 'INVITATION_ACCEPTED' });
    });

    test('leads who is not signed in to sign in or to register, and back', async () => {
      const { path } = await invited('dealer');
      const tab = newTab(place);
      const page = await (await tab.request(path)).text();
      const links = [...page.matchAll(/href="(\/auth\/(?:login|register)\?[^"]+)"/g)].map(([, href = '']) =>
        href.replaceAll('&#38;', '&'),
      );
      const to = (which: string): string => links.find((href) => href.startsWith(`/auth/${which}`)) ?? '';
      const email = `new-${Date.now()}@example.com`;
      const registered = await tab.submit(to('register'), { email, password, name: '도윤', agreed: 'yes' });
      const entered = await tab.submit(registered.headers.get('location') ?? '', { email, password });
      expect([entered.status, entered.headers.get('location')]).toEqual([303, path]);
      expect((await accept(tab, path)).status).toBe(200);
      expect(await rolesOf(tab)).toEqual(['customer', 'dealer']);
      expect((await accept(newTab(place), path)).status).toBe(401);
    });

    test('that was withdrawn is good for nothing', async () => {
      const { path, id } = await invited('agent');
      const { tab } = await signedIn(place);
      for (let time = 0; time < 2; time++)
        expect(await ok(admin.delete(`/v1/invitations/${id}`))).toMatchObject({ status: 'WITHDRAWN' });
      expect((await tab.request(path)).status).toBe(404);
      expect((await accept(tab, path)).status).toBe(404);
      expect(await rolesOf(tab)).toEqual(['customer']);
      expect((await admin.delete(`/v1/invitations/${v7()}`)).status).toBe(404);
    });

    test('is over after 72 hours', async () => {
      const { path, id } = await invited();
      const { tab } = await signedIn(place);
      await place.rows(
        'identity',
        `update invitation set state = jsonb_set(state, '{invited,expires}', '1') where id = $1`,
        id,
      );
      expect(await statusOf(id)).toMatchObject({ status: 'EXPIRED' });
      expect((await accept(tab, path)).status).toBe(404);
    });

    test('is shown as over once whoever made it is no administrator any more, and not as open', async () => {
      const { tab } = await signedIn(place);
      const by = (await tab.session()).person?.id;
      const setRoles = (roles: string[]) => ok(admin.post(`/v1/people/${by}:setRoles`, { roles }));
      await setRoles(['admin']);
      await tab.session(); // a token with the role
      const request = { email: 'left@example.com', role: 'agent', language: 'KO' };
      const { id } = (await (await tab.call('POST', '/v1/invitations', request)).json()) as Invitation;
      expect(await statusOf(id)).toMatchObject({ status: 'OPEN', invitedBy: by });
      await setRoles([]);
      expect(await statusOf(id)).toMatchObject({ status: 'EXPIRED' });
    });

    test('asked for again with the same key is the same one', async () => {
      const request = { email: 'twice@example.com', role: 'agent', language: 'KO' };
      const key = { 'idempotency-key': v7() };
      const [one, other] = [
        await ok(admin.post<Invitation>('/v1/invitations', request, key)),
        await ok(admin.post<Invitation>('/v1/invitations', request, key)),
      ];
      expect(other).toEqual(one);
    });
  });

  describe('an attack on an invitation', () => {
    test('by five at once, and by each afterwards: one has the role (replay)', async () => {
      const { path } = await invited('admin');
      const tabs = await Promise.all(Array.from({ length: 5 }, async () => (await signedIn(place)).tab));
      const answers = await Promise.all(tabs.map((tab) => accept(tab, path)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404]);
      const roles = await Promise.all(tabs.map(rolesOf));
      expect(roles.filter((each) => each.includes('admin'))).toHaveLength(1);
      const winner = tabs[answers.findIndex(({ status }) => status === 200)]!;
      expect((await winner.request(path)).status).toBe(404);
    });

    test('by who lost the role: accepting again does not bring it back', async () => {
      const { path } = await invited();
      const { tab } = await signedIn(place);
      await accept(tab, path);
      const id = (await tab.session()).person?.id;
      await ok(admin.post(`/v1/people/${id}:setRoles`, {}));
      await accept(tab, path);
      expect(await rolesOf(tab)).toEqual(['customer']);
    });

    test('by a page of another site accepts nothing (CSRF)', async () => {
      const { path } = await invited();
      const { tab } = await signedIn(place);
      for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: '' }])
        expect((await accept(tab, path, headers)).status).toBe(403);
      expect((await tab.submit(path, { form: 'forged' })).status).toBe(403);
      expect(await rolesOf(tab)).toEqual(['customer']);
    });

    test('by mails to many: one administrator invites at most 30 within an hour', async () => {
      const eager = person(place, 'eager:admin');
      const request = { email: 'many@example.com', role: 'agent', language: 'KO' };
      const answers = [];
      for (let time = 0; time < 31; time++) answers.push(await eager.post('/v1/invitations', request));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
      expect(refusalOf(answers[30]!)).toMatchObject({ status: 429, reason: 'RATE_LIMITED' });
    });

    test('by guessing says the same of every link that is none (enumeration)', async () => {
      const { path, id } = await invited();
      const { tab } = await signedIn(place);
      const secret = path.slice(-43);
      const guesses = [
        `/auth/invitation?code=${id}.${'A'.repeat(43)}`,
        `/auth/invitation?code=${v7()}.${secret}`,
        `/auth/invitation?code=${id}.${secret}x`,
        '/auth/invitation?code=',
        '/auth/invitation',
      ];
      for (const guess of guesses) {
        const answer = await tab.request(`${guess}${guess.includes('?') ? '&' : '?'}lang=en`);
        expect([answer.status, (await answer.text()).includes('cannot be used')]).toEqual([404, true]);
      }
    });

    test('by its address: it is told to no other site, and leads to none (open redirect)', async () => {
      const { path } = await invited();
      const answer = await newTab(place).request(`${path}&return_to=https%3A%2F%2Fevil.example`);
      expect(answer.headers.get('referrer-policy')).toBe('same-origin');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.text()).not.toContain('evil.example');
    });

    test('on its way: neither address nor link is readable in the database', async () => {
      const { path, email, id } = await invited();
      const rows = await place.rows<{ text: string }>(
        'identity',
        `select encode(payload, 'escape') text from told where subject = $1 union all select state::text from invitation where id = $1::uuid`,
        id,
      );
      expect(rows).toHaveLength(2);
      for (const { text } of rows) {
        expect(text).not.toContain(path.slice(-43));
        expect(text.toLowerCase()).not.toContain(email.toLowerCase());
      }
    });
  });
};
