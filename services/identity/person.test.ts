import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { attempts } from './attempts.ts';
import { person, type Account, type Person, type PersonEvent } from './person.ts';
import { people } from './process.ts';

const account: Account = {
  ...{
    name: 'Mina',
    language: 'KO',
    email: { sealed: 's', digest: 'd' },
    emailVerified: false,
    passwordHash: 'h',
    passwordChanges: 0,
    passwordChangedIn: null,
    roles: ['customer'],
    terms: {},
  },
};
const registered: PersonEvent = { type: 'PersonRegistered', account };
const { given } = spec(person);

describe('a person', () => {
  test('registers with an address that nobody has', () => {
    given().when({ type: 'Register', account, holder: undefined }).then(registered);
    given().when({ type: 'Register', account, holder: 'somebody' }).thenRefused('email-taken');
    given(registered).when({ type: 'Register', account, holder: undefined }).thenNothing();
  });

  test('is in the sample data once', () => {
    given().when({ type: 'SeedPerson', account }).then(registered);
    given(registered).when({ type: 'SeedPerson', account }).thenNothing();
  });

  test('changes name and language', () => {
    given(registered)
      .when({ type: 'ChangeProfile', changes: { name: 'Min' } })
      .then({ type: 'ProfileChanged', changes: { name: 'Min', language: 'KO' } });
    given(registered)
      .when({ type: 'ChangeProfile', changes: { language: 'KO' } })
      .thenNothing();
    given()
      .when({ type: 'ChangeProfile', changes: { name: 'Min' } })
      .thenRefused('no-such-person');
  });

  test('keeps the address when it is sealed with another secret', () => {
    const email = { sealed: 't', digest: 'e' };
    given(registered)
      .when({ type: 'ResealEmail', email })
      .then({ type: 'EmailResealed', before: { sealed: 's', digest: 'd' }, email });
    given().when({ type: 'ResealEmail', email }).thenNothing();
  });
});

describe('the roles of a person (I3)', () => {
  const administrators = { another: true, ceased: 3 };
  const alone = { another: false, ceased: 3 };
  const as = (...roles: Account['roles']): PersonEvent => ({
    type: 'PersonRegistered',
    account: { ...account, roles },
  });
  const setting = { type: 'SetRoles', isOwn: false, administrators } as const;
  const suspending = { type: 'Suspend', text: 'Why', at: 9, isOwn: false, administrators } as const;
  const suspended: PersonEvent = { type: 'PersonSuspended', suspension: { text: 'Why', at: 9 } };
  const restoring = { type: 'Restore', isOwn: false } as const;
  const restored: PersonEvent = { type: 'PersonRestored' };

  test('are taken by accepting their terms, once', () => {
    const becoming = { type: 'Become', role: 'host', at: 5 } as const;
    const accepted: PersonEvent = { type: 'TermsAccepted', role: 'host', at: 5 };
    given(registered).when(becoming).then(accepted);
    given(registered, accepted).when(becoming).thenNothing();
    given(registered, suspended).when(becoming).thenRefused('suspended');
    given().when(becoming).thenRefused('no-such-person');
    expect([registered, accepted].reduce<Person>(person.evolve, person.initial)).toMatchObject({
      account: { roles: ['customer', 'host'], terms: { host: 5 } },
    });
  });

  test('are set by an administrator, and everybody stays a customer', () => {
    given(registered)
      .when({ ...setting, roles: ['agent', 'host', 'host'] })
      .then({ type: 'RolesSet', roles: ['customer', 'host', 'agent'] });
    given(as('customer', 'agent'))
      .when({ ...setting, roles: [] })
      .then({ type: 'RolesSet', roles: ['customer'] });
    given(registered)
      .when({ ...setting, roles: [] })
      .thenNothing();
    given()
      .when({ ...setting, roles: [] })
      .thenRefused('no-such-person');
  });

  test('are nobody’s own to set, nor is a suspension, to make or to end', () => {
    given(registered)
      .when({ ...setting, roles: ['admin'], isOwn: true })
      .thenRefused('own-account');
    given(registered)
      .when({ ...suspending, isOwn: true })
      .thenRefused('own-account');
    given(registered, suspended).when({ type: 'Restore', isOwn: true }).thenRefused('own-account');
  });

  test('keep one administrator who may sign in', () => {
    const admin = as('customer', 'admin');
    given(admin)
      .when({ ...setting, roles: [] })
      .then({ type: 'RolesSet', roles: ['customer'], ceased: 3 });
    given(admin)
      .when({ ...setting, roles: [], administrators: alone })
      .thenRefused('last-admin');
    given(admin)
      .when(suspending)
      .then({ ...suspended, ceased: 3 });
    given(admin)
      .when({ ...suspending, administrators: alone })
      .thenRefused('last-admin');
    given(admin)
      .when({ ...setting, roles: ['admin', 'host'], administrators: alone })
      .then({
        ...{ type: 'RolesSet', roles: ['customer', 'host', 'admin'] },
      });
    given(admin, suspended)
      .when({ ...setting, roles: [], administrators: alone })
      .then({ type: 'RolesSet', roles: ['customer'] }); // was none while suspended
  });

  test('two administrators who cease to be one at once claim the same number, so that one is decided again', () => {
    const ceasing = (id: string) => {
      const event: PersonEvent = { type: 'RolesSet', roles: ['customer'], ceased: 3 };
      const state = [as('customer', 'admin'), event].reduce<Person>(person.evolve, person.initial);
      return people.consequences([event], { id, state, version: 2, createdAt: 0, updatedAt: 0 });
    };
    expect(ceasing('a')).toMatchObject({
      releases: [{ key: 'administrator/a' }],
      claims: [{ key: 'administrator-ceased/3' }],
    });
    expect(ceasing('b').claims).toEqual(ceasing('a').claims);
  });

  test('that only administrators give are told to every service whenever they change', () => {
    const told = (before: readonly PersonEvent[], event: PersonEvent) => {
      const state = [...before, event].reduce<Person>(person.evolve, person.initial);
      return people.consequences([event], { id: 'a', state, version: 2, createdAt: 0, updatedAt: 7 }).messages ?? [];
    };
    const set: PersonEvent = { type: 'RolesSet', roles: ['customer', 'host', 'courier', 'agent'] };
    const accepted: PersonEvent = { type: 'InvitationAccepted', invitationId: 'i', role: 'dealer' };
    const message = (...roles: string[]) => [{ type: 'StaffRolesSet', roles, isSuspended: false, at: 7 }];
    expect(told([registered], set)).toEqual(message('courier', 'agent'));
    expect(told([registered], accepted)).toEqual(message('dealer'));
    expect(told([registered, set], suspended)).toEqual([{ ...message()[0], isSuspended: true }]);
    expect(told([registered, set, suspended], restored)).toEqual(message('courier', 'agent'));
    expect(told([], registered)).toEqual([]);
  });

  test('stay through a suspension, which is said once and ends', () => {
    given(registered).when(suspending).then(suspended);
    given(registered, suspended).when(suspending).thenNothing();
    given(registered, suspended).when(restoring).then(restored);
    given(registered, suspended, restored).when(restoring).thenNothing();
    given().when(suspending).thenRefused('no-such-person');
    given().when(restoring).thenRefused('no-such-person');
    const after = [as('customer', 'courier'), suspended, restored].reduce<Person>(person.evolve, person.initial);
    expect(after).toEqual({ status: 'active', account: { ...account, roles: ['customer', 'courier'] } });
  });
});

describe('attempts to sign in', () => {
  const quota = { most: 2, withinMs: 1_000 };
  const counting = spec(attempts);
  const taken = (count: number, from = 0) => ({ type: 'AttemptTaken', count, from }) as const;
  const take = (at: number, most = 2) => ({ type: 'TakeAttempt', at, quota: { ...quota, most } }) as const;

  test('are few within a time from the first', () => {
    counting.given().when(take(0)).then(taken(1));
    counting.given(taken(1)).when(take(999)).then(taken(2));
    counting.given(taken(2)).when(take(1)).thenRefused('too-many-attempts', { seconds: '1' });
    counting.given(taken(2)).when(take(1_000)).then(taken(1, 1_000));
  });

  test('are forgotten after a success, and without a limit are not counted', () => {
    counting.given(taken(2)).when({ type: 'Forget' }).then({ type: 'AttemptsForgotten' });
    counting.given().when({ type: 'Forget' }).thenNothing();
    counting.given(taken(9)).when(take(0, 0)).thenNothing();
  });
});
