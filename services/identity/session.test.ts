import { describe, expect, test } from '@jest/globals';
import { complete } from '#kernel/defaults.ts';
import { spec } from '#kernel/spec.ts';
import { days, seconds } from '#kernel/time.ts';
import { graceMs, session, type Session, type SessionEvent, type SessionInput } from './session.ts';

const lifetimes = { idle: days(30), most: days(90) };
const device = { name: 'Firefox', address: '192.0.2.1' };
const { given } = spec(session);

const opened: SessionEvent = {
  type: 'SessionOpened',
  personId: 'mina',
  device,
  passwordChanges: 0,
  hash: 'a',
  at: 0,
  expires: days(30),
};
const renew = (hash: string, next: string, at = 0): SessionInput => ({
  type: 'RenewSession',
  hash,
  next,
  at,
  lifetimes,
});
const renewed = (hash: string, next: string, at = 0): SessionEvent => ({
  ...{ type: 'SessionRenewed', hash, next, at },
  expires: Math.min(at + days(30), days(90)),
});
const replayed: SessionEvent = { type: 'SessionEnded', why: 'replayed' };
const signedOut: SessionEvent = { type: 'SessionEnded', why: 'signed-out' };

describe('a session', () => {
  test('is opened once', () => {
    const open: SessionInput = {
      type: 'OpenSession',
      personId: 'mina',
      device,
      passwordChanges: 0,
      hash: 'a',
      at: 0,
      lifetimes,
    };
    given().when(open).then(opened);
    given(opened).when(open).thenNothing();
  });

  test('is renewed by its secret, which is replaced (I1)', () => {
    given(opened).when(renew('a', 'b')).then(renewed('a', 'b'));
    given(opened, renewed('a', 'b')).when(renew('b', 'c')).then(renewed('b', 'c'));
  });

  test('stays open when an answer is lost, or two tabs renew at once: the secret stays good until a newer one is used (I1)', () => {
    given(opened, renewed('a', 'b')).when(renew('a', 'c')).then(renewed('a', 'c'));
    given(opened, renewed('a', 'b'), renewed('a', 'c')).when(renew('b', 'd')).then(renewed('b', 'd'));
    given(opened, renewed('a', 'b'), renewed('a', 'c')).when(renew('c', 'd')).then(renewed('c', 'd'));
  });

  test('takes a secret that was just replaced for a slow request', () =>
    given(opened, renewed('a', 'b'), renewed('b', 'c', seconds(5)))
      .when(renew('a', 'd', seconds(5) + graceMs))
      .thenNothing());

  test('ends when a secret that was replaced is presented again: somebody has a copy of it', () => {
    given(opened, renewed('a', 'b'), renewed('b', 'c'))
      .when(renew('a', 'd', graceMs + 1))
      .then(replayed);
    given(opened, renewed('a', 'b'), renewed('a', 'c'), renewed('b', 'd'))
      .when(renew('c', 'e', graceMs + 1))
      .then(replayed);
    given(opened).when(renew('stolen elsewhere', 'b')).then(replayed);
  });

  test('ends when it was not used for long, and in any case', () => {
    given(opened)
      .when(renew('a', 'b', days(30)))
      .thenRefused('session-ended');
    const used = [1, 2, 3].map((nth) => renewed(nth === 1 ? 'a' : `${nth - 1}`, `${nth}`, nth * days(29)));
    given(opened, ...used)
      .when(renew('3', '4', days(90)))
      .thenRefused('session-ended');
  });

  test('is ended by its person alone, and signed out by its secret alone', () => {
    given(opened).when({ type: 'EndSession', by: 'mina' }).then(signedOut);
    given(opened).when({ type: 'EndSession', by: 'somebody' }).thenRefused('no-such-session');
    given(opened).when({ type: 'SignOut', hash: 'a' }).then(signedOut);
    given(opened).when({ type: 'SignOut', hash: 'x' }).thenNothing();
  });

  test('ends with the suspension of its person (I3)', () => {
    given(opened).when({ type: 'ShutOut', why: 'suspended' }).then({ type: 'SessionEnded', why: 'suspended' });
    given(opened, signedOut).when({ type: 'ShutOut', why: 'suspended' }).thenNothing();
  });

  test('of an earlier version is one from before the password was ever changed', () => {
    const { passwordChanges: _, ...older } = session.evolve(session.initial, opened) as Extract<
      Session,
      { status: 'open' }
    >;
    expect(complete(older as Session, session.defaults)).toMatchObject({ passwordChanges: 0 });
  });

  test('remembers few secrets, however often an answer is lost', () => {
    const many = Array.from({ length: 1_000 }, (_, nth) => renewed('a', `b${nth}`));
    const state = [opened, renewed('a', 'b'), ...many].reduce<Session>(session.evolve, session.initial);
    expect(JSON.stringify(state).length).toBeLessThan(1_000);
  });
});

describe('every state meets every input, and answers what it must', () => {
  const histories: Record<Session['status'], SessionEvent[]> = { none: [], open: [opened], ended: [opened, signedOut] };
  const inputs = {
    OpenSession: { type: 'OpenSession', personId: 'mina', device, passwordChanges: 0, hash: 'z', at: 0, lifetimes },
    RenewSession: renew('a', 'b'),
    EndSession: { type: 'EndSession', by: 'mina' },
    ShutOut: { type: 'ShutOut', why: 'suspended' },
    SignOut: { type: 'SignOut', hash: 'a' },
  } satisfies Record<SessionInput['type'], SessionInput>;
  test.each([
    ['none', 'OpenSession', 'SessionOpened'],
    ['none', 'RenewSession', 'session-ended'],
    ['none', 'EndSession', 'no-such-session'],
    ['none', 'ShutOut', ''],
    ['none', 'SignOut', ''],
    ['open', 'OpenSession', ''],
    ['open', 'RenewSession', 'SessionRenewed'],
    ['open', 'EndSession', 'SessionEnded'],
    ['open', 'ShutOut', 'SessionEnded'],
    ['open', 'SignOut', 'SessionEnded'],
    ['ended', 'OpenSession', ''],
    ['ended', 'RenewSession', 'session-ended'],
    ['ended', 'EndSession', ''],
    ['ended', 'ShutOut', ''],
    ['ended', 'SignOut', ''],
  ] as const)('%s × %s → %s', (status, input, expected) => {
    const state = histories[status].reduce<Session>(session.evolve, session.initial);
    const decision = session.decide(state, inputs[input]);
    expect(decision.accepted ? decision.events.map(({ type }) => type).join() : decision.refusal).toBe(expected);
  });
});
