import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { minutes } from '#kernel/time.ts';
import { allowance, codeQuota, dayTotal, mailQuota, mayLeave, type AllowanceEvent } from './limit.ts';
import { allowances, profiles } from './process.ts';
import {
  codeLasts,
  contactIn,
  languageOf,
  mostAttempts,
  mostCodes,
  profile,
  type ProfileEvent,
  type ProfileInput,
} from './profile.ts';

const at = 1_000_000_000;
const code = (hash: string) => ({ hash, sealed: `sealed ${hash}` });
const { given } = spec(profile);

const updated: Extract<ProfileEvent, { type: 'ProfileUpdated' }> = {
  type: 'ProfileUpdated',
  language: 'EN',
  phone: { sealed: 'phone', code: code('1') },
  email: 'forget',
  at,
};
const asked = ({ type: _, ...rest }: typeof updated): ProfileInput => ({ type: 'UpdateProfile', ...rest });
const verified: ProfileEvent = { type: 'ContactVerified', kind: 'phone' };
const entered: ProfileEvent = { type: 'CodeEntered', kind: 'phone' };
const begin = (later = 0): ProfileInput => ({ type: 'BeginVerification', kind: 'phone', at: at + later });
const verify = (fits: boolean): ProfileInput => ({ type: 'VerifyContact', kind: 'phone', fits, at });
const resend = (later = 0): ProfileInput => ({ type: 'ResendCode', kind: 'phone', code: code('2'), at: at + later });
const stateAfter = (...past: ProfileEvent[]) => past.reduce(profile.evolve, profile.initial);

describe('a profile', () => {
  test('without a word is Korean and has no contacts', () => {
    expect(languageOf(profile.initial)).toBe('KO');
    expect(contactIn(profile.initial, 'phone')).toBeUndefined();
  });

  test('keeps a new address as unverified, with a code that a timer sends', () => {
    given().when(asked(updated)).then(updated);
    const state = stateAfter(updated);
    expect(contactIn(state, 'phone')).toMatchObject({
      sealed: 'phone',
      verified: false,
      code: { hash: '1', expiresAt: at + codeLasts, attempts: 0 },
    });
    const after = { id: 'u', state, version: 1, createdAt: at, updatedAt: at };
    expect(profiles.consequences([updated], after)).toEqual({ timers: [{ name: 'send-phone-code', at }] });
    expect(profiles.consequences([{ type: 'CodeMade', kind: 'email', code: code('2'), at }], after)).toEqual({
      timers: [{ name: 'send-email-code', at }],
    });
    expect(profiles.consequences([{ type: 'CodeDelayed', kind: 'phone', retryAt: 9 }], after)).toEqual({
      timers: [{ name: 'send-phone-code', at: 9 }],
    });
    for (const event of [entered, verified]) expect(profiles.consequences([event], after)).toEqual({ timers: [] });
  });

  test('keeps what stays, and forgets what is left empty', () => {
    const state = stateAfter(updated, verified, { ...updated, language: 'KO', phone: 'keep' });
    expect([languageOf(state), contactIn(state, 'phone')]).toEqual(['KO', { sealed: 'phone', verified: true }]);
    expect(contactIn(stateAfter(updated, verified, { ...updated, phone: 'forget' }), 'phone')).toBeUndefined();
  });

  test('of another address is unverified again', () => {
    const state = stateAfter(updated, verified, { ...updated, phone: { sealed: 'other', code: code('2') } });
    expect(contactIn(state, 'phone')).toMatchObject({ sealed: 'other', verified: false });
  });

  test('of a sample person is verified from the start, and never overwrites one', () => {
    const seed: ProfileInput = { type: 'SeedProfile', phone: 'p', email: 'e' };
    given().when(seed).then({ type: 'ProfileSeeded', phone: 'p', email: 'e' });
    expect(contactIn(stateAfter({ type: 'ProfileSeeded', phone: 'p', email: 'e' }), 'email')).toEqual({
      sealed: 'e',
      verified: true,
    });
    given(updated).when(seed).thenNothing();
  });
});

describe('a code', () => {
  test('verifies when it fits, once', () => {
    given(updated, entered).when(verify(true)).then(verified);
    given(updated, verified).when(verify(true)).thenNothing();
    given(updated, verified).when(begin()).thenNothing();
  });
  test('that does not fit is refused, and every attempt is counted before it is compared', () => {
    given(updated).when(begin()).then(entered);
    given(updated, entered).when(verify(false)).thenRefused('wrong-code');
    const guesses = Array.from({ length: mostAttempts }, () => entered);
    given(updated, ...guesses)
      .when(begin())
      .thenRefused('too-many-attempts');
    given(updated, ...guesses, { type: 'CodeMade', kind: 'phone', code: code('2'), at })
      .when(begin())
      .then(entered);
  });
  test('expires', () => given(updated).when(begin(codeLasts)).thenRefused('code-expired'));
  test('verifies nothing without a code', () => {
    for (const input of [begin(), verify(true), resend()]) given().when(input).thenRefused('nothing-to-verify');
    given(updated, verified).when(resend()).thenRefused('nothing-to-verify');
  });
  test('can be sent again, which replaces it, so often within an hour', () => {
    const made: ProfileEvent = { type: 'CodeMade', kind: 'phone', code: code('2'), at };
    given(updated).when(resend()).then(made);
    expect(contactIn(stateAfter(updated, entered, made), 'phone')?.code).toMatchObject({ hash: '2', attempts: 0 });
    const many = [updated, ...Array.from({ length: mostCodes - 1 }, () => made)];
    given(...many)
      .when(resend())
      .thenRefused('too-many-codes');
    given(...many)
      .when(asked(updated))
      .thenRefused('too-many-codes');
    given(...many)
      .when(asked({ ...updated, phone: 'keep' }))
      .then({ ...updated, phone: 'keep' });
    given(...many)
      .when(resend(minutes(60)))
      .then({ ...made, at: at + minutes(60) });
  });
  test('is forgotten in plain once a provider has taken or refused it, and is tried again until it expires', () => {
    const about = { kind: 'phone' as const, hash: '1' };
    given(updated)
      .when({ type: 'CodeTaken', ...about })
      .then({ type: 'CodeSent', kind: 'phone' });
    given(updated)
      .when({ type: 'CodeRefused', ...about })
      .then({ type: 'CodeGivenUp', kind: 'phone' });
    given(updated)
      .when({ type: 'CodeUnanswered', ...about, retryAt: at + 1 })
      .then({ type: 'CodeDelayed', kind: 'phone', retryAt: at + 1 });
    given(updated)
      .when({ type: 'CodeUnanswered', ...about, retryAt: at + codeLasts })
      .then({ type: 'CodeGivenUp', kind: 'phone' });
    expect(contactIn(stateAfter(updated, { type: 'CodeSent', kind: 'phone' }), 'phone')?.code).toMatchObject({
      hash: '1',
      sealed: '',
    });
    expect(
      contactIn(stateAfter(updated, { type: 'CodeDelayed', kind: 'phone', retryAt: at }), 'phone')?.code,
    ).toMatchObject({ tries: 1 });
    for (const type of ['CodeTaken', 'CodeRefused'] as const)
      given(updated).when({ type, kind: 'phone', hash: 'another' }).thenNothing();
  });
});

describe('a contact', () => {
  const ask = (account = 'mina', later = 0) => ({
    ...{ type: 'CodeAsked' as const, account, at: at + later },
    ...{ most: 2, mostAccounts: 4 },
  });
  const { given } = spec(codeQuota);

  test('gets a limited number of codes an hour', () => {
    given(ask()).when(ask()).then(ask());
    given(ask(), ask()).when(ask()).thenRefused('too-many-codes');
    given(ask(), ask())
      .when(ask('mina', minutes(60)))
      .then(ask('mina', minutes(60)));
  });
  test('gets one more for an account that has had none, though strangers used up the others', () => {
    const strangers = [ask('stranger'), ask('stranger')];
    given(...strangers, ask('another'))
      .when(ask())
      .then(ask());
    given(...strangers, ask())
      .when(ask())
      .thenRefused('too-many-codes');
  });
  test('gets none for more than so many accounts', () => {
    const strangers = ['a', 'b', 'c', 'd'].map((account) => ask(account));
    given(...strangers)
      .when(ask())
      .thenRefused('too-many-codes');
    given(...strangers)
      .when(ask('mina', minutes(60)))
      .then(ask('mina', minutes(60)));
  });
});

test('codes by text are limited within a day from the first, for all together', () => {
  const ask = (later = 0) => ({ type: 'TextAsked' as const, at: at + later, most: 2 });
  const { given } = spec(dayTotal);
  given(ask()).when(ask()).then(ask());
  given(ask(), ask(minutes(60)))
    .when(ask(minutes(1_439)))
    .thenRefused('codes-used-up');
  given(ask(), ask(minutes(60)))
    .when(ask(minutes(1_440)))
    .then(ask(minutes(1_440)));
});

test('mails to one mailbox are limited by the hour and the day, and each is counted once', () => {
  const ask = (id: string, later = 0) => {
    return { type: 'MailAsked' as const, id, at: at + minutes(later), most: { hour: 2, day: 3 } };
  };
  const { given } = spec(mailQuota);
  given(ask('a')).when(ask('b')).then(ask('b'));
  given(ask('a'), ask('b')).when(ask('a')).thenNothing();
  given(ask('a'), ask('b')).when(ask('c')).thenRefused('too-many-mails');
  given(ask('a'), ask('b')).when(ask('c', 60)).then(ask('c', 60));
  given(ask('a'), ask('b'), ask('c', 60)).when(ask('d', 120)).thenRefused('too-many-mails');
  given(ask('a'), ask('b'), ask('c', 60)).when(ask('d', 1_440)).then(ask('d', 1_440));
});

describe('messages to one person', () => {
  const order = { kind: 'lodging.reservation', id: 'o' };
  const ask = (id: string, later = 0) => ({ type: 'Ask' as const, id, order, at: at + later, most: 2 });
  const let_ = (id: string, later = 0): AllowanceEvent => ({ type: 'MessageLet', id, at: at + later });
  const held = (summaryAt?: number): AllowanceEvent => ({ type: 'MessageHeldBack', order, summaryAt });
  const { given } = spec(allowance);

  test('leave, so many within an hour, and each is counted once', () => {
    given().when(ask('a')).then(let_('a'));
    given(let_('a')).when(ask('a')).thenNothing();
    given(let_('a'), let_('b')).when(ask('a')).thenNothing();
    given(let_('a'), let_('b'))
      .when(ask('c', minutes(60)))
      .then(let_('c', minutes(60)));
  });
  test('are held back beyond that; the first sets the clock for one summary of all', () => {
    given(let_('a'), let_('b', 5))
      .when(ask('c', 6))
      .then(held(at + minutes(60)));
    given(let_('a'), let_('b', 5), held(at + minutes(60)))
      .when(ask('d', 7))
      .then(held(undefined));
    const after = { id: 'u', state: allowance.initial, version: 1, createdAt: at, updatedAt: at };
    expect(allowances.consequences([held(9)], after)).toEqual({ timers: [{ name: 'summarise', at: 9 }] });
    expect(allowances.consequences([held(undefined), let_('a')], after)).toEqual({ timers: [] });
  });
  test('are summarised once, and the summary leaves', () => {
    const summarised: AllowanceEvent = { type: 'Summarised', id: 's', at: at + minutes(60) };
    given(let_('a'), let_('b'), held(), held())
      .when({ type: 'Summarise', id: 's', at: at + minutes(60) })
      .then(summarised);
    given(let_('a'), held(), summarised)
      .when({ type: 'Summarise', id: 't', at: at + minutes(61) })
      .thenNothing();
    const state = [let_('a'), held(), held(), summarised].reduce(allowance.evolve, allowance.initial);
    expect(state).toEqual({
      left: [{ id: 's', at: at + minutes(60) }],
      own: [],
      held: 0,
      summary: { id: 's', count: 2, order },
    });
    expect(mayLeave(state, 's')).toBe(true);
  });
  test('about their own account count by themselves: a flood of the one kind does not keep back the other', () => {
    const own = (id: string, later = 0) => ({ type: 'Ask' as const, id, at: at + later, most: 2 });
    const ownLet = (id: string, later = 0): AllowanceEvent => ({ type: 'OwnMessageLet', id, at: at + later });
    given(let_('a'), let_('b'), held()).when(own('c')).then(ownLet('c'));
    given(ownLet('a'), ownLet('b')).when(ask('c')).then(let_('c'));
    given(ownLet('a')).when(own('a')).thenNothing();
    given(ownLet('a'), ownLet('b'), let_('d')).when(own('c')).thenNothing();
    const state = [ownLet('a'), ownLet('b')].reduce(allowance.evolve, allowance.initial);
    expect(['b', 'c'].map((id) => mayLeave(state, id))).toEqual([true, false]);
    given(ownLet('a'), ownLet('b'))
      .when(own('c', minutes(60)))
      .then(ownLet('c', minutes(60)));
    const summarised: AllowanceEvent = { type: 'Summarised', id: 's', at };
    expect([ownLet('a'), held(), summarised].reduce(allowance.evolve, allowance.initial).own).toHaveLength(1);
  });
});
