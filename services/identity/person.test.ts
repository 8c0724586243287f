import { describe, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { attempts } from './attempts.ts';
import { person, type Account, type PersonEvent } from './person.ts';

const account: Account = {
  ...{ name: 'Mina', language: 'KO', email: { sealed: 's', digest: 'd' }, passwordHash: 'h', roles: ['customer'] },
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
