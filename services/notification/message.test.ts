import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import {
  message,
  waysTo,
  type Message,
  type MessageEvent,
  type MessageInput,
  type Note,
  type Outside,
} from './message.ts';
import { parties, recipientsOf } from './parties.ts';
import { messages } from './process.ts';
import type { Profile } from './profile.ts';

const order = { kind: 'preorder.preorder', id: 'order' };
const note: Note = { order, recipientId: 'customer', language: 'KO', text: '접수했어요.' };
const written = (...ways: Outside[]): MessageEvent => ({ type: 'MessageWritten', note, ways });
const write = (...ways: Outside[]): MessageInput => ({ type: 'WriteMessage', note, ways });
const all = ['KAKAO', 'SMS', 'EMAIL'] as const;
const back: MessageEvent = { type: 'FellBack' };
const sent: MessageEvent = { type: 'MessageSent' };
const lost: MessageEvent = { type: 'MessageUndeliverable', reason: 'NO' };
const heldBack: MessageEvent = { type: 'MessageHeldBack' };
const refused: MessageInput = { type: 'Refused', reason: 'NO' };
const { given } = spec(message);
const stateAfter = (...past: MessageEvent[]): Message => past.reduce(message.evolve, message.initial);

describe('a message (P11)', () => {
  test('goes by messenger, SMS, then mail, as far as contacts are verified; else it is read in the app', () => {
    const contact = (verified: boolean) => ({ sealed: 's', verified });
    const kept = (phone: boolean, email: boolean): Profile => ({
      status: 'kept',
      language: 'KO',
      codesSent: [],
      phone: contact(phone),
      email: contact(email),
    });
    expect(
      [kept(true, true), kept(true, false), kept(false, true), kept(false, false), { status: 'none' } as const].map(
        waysTo,
      ),
    ).toEqual([['KAKAO', 'SMS', 'EMAIL'], ['KAKAO', 'SMS'], ['EMAIL'], [], []]);
    given()
      .when(write(...all))
      .then(written(...all));
    expect(stateAfter(written(...all))).toMatchObject({ status: 'pending', channel: 'KAKAO' });
    expect(stateAfter(written())).toMatchObject({ status: 'sent', channel: 'IN_APP' });
  });
  test('written twice is written once', () => {
    for (const past of [written(...all), written('EMAIL'), written()])
      given(past)
        .when(write(...all))
        .thenNothing();
  });
  test('falls back at each refusal, and ends in the app, never in nothing', () => {
    given(written(...all))
      .when(refused)
      .then(back);
    expect(stateAfter(written(...all), back)).toMatchObject({ status: 'pending', channel: 'SMS' });
    expect(stateAfter(written(...all), back, back)).toMatchObject({ status: 'pending', channel: 'EMAIL' });
    given(written(...all), back, back)
      .when(refused)
      .then(lost);
    expect(stateAfter(written(...all), back, back, lost)).toMatchObject({
      status: 'undeliverable',
      channel: 'IN_APP',
      reason: 'NO',
    });
  });
  test('of an earlier version falls back from messenger to SMS', () => {
    const old: Message = { status: 'pending', note, channel: 'KAKAO', tries: 0 };
    expect(message.decide(old, refused)).toEqual({ accepted: true, events: [back] });
    expect(message.evolve(old, back)).toMatchObject({ channel: 'SMS' });
    expect(message.decide(message.evolve(old, back), refused)).toEqual({ accepted: true, events: [lost] });
  });
  test('that nobody answered is tried again', () =>
    given(written('KAKAO')).when({ type: 'Unanswered', retryAt: 9 }).then({ type: 'MessageDelayed', retryAt: 9 }));
  test('is sent once it is taken', () => given(written('KAKAO')).when({ type: 'Taken' }).then(sent));
  test('that is held back is read in the app', () => {
    given(written('KAKAO')).when({ type: 'HoldBack' }).then(heldBack);
    expect(stateAfter(written('KAKAO'), heldBack)).toMatchObject({ status: 'sent', channel: 'IN_APP' });
  });
  test.each([[], [written()], [written('KAKAO'), sent], [written('EMAIL'), lost], [written('EMAIL'), heldBack]])(
    'that is not on its way is not moved by late answers',
    (...past) => {
      for (const input of [
        { type: 'Taken' },
        refused,
        { type: 'Unanswered', retryAt: 9 },
        { type: 'HoldBack' },
      ] as const)
        given(...(past as MessageEvent[]))
          .when(input)
          .thenNothing();
    },
  );
});

test('the provider is asked by a timer, and only what left is told', () => {
  const after = (past: MessageEvent[], event: MessageEvent) =>
    messages.consequences([event], {
      id: 'id',
      state: stateAfter(...past, event),
      version: 1,
      createdAt: 5,
      updatedAt: 5,
    });
  expect(after([], written())).toEqual({ timers: [] });
  expect(after([], written('EMAIL'))).toEqual({ timers: [{ name: 'deliver', at: 5 }] });
  expect(after([written(...all)], back)).toEqual({ timers: [{ name: 'deliver', at: 5 }] });
  expect(after([written('KAKAO')], { type: 'MessageDelayed', retryAt: 9 })).toEqual({
    timers: [{ name: 'deliver', at: 9 }],
  });
  expect(after([written('KAKAO')], sent)).toEqual({
    messages: [{ type: 'MessageSent', order, recipientId: 'customer', channel: 'KAKAO' }],
  });
  for (const event of [lost, heldBack]) expect(after([written('EMAIL')], event)).toEqual({});
  const { order: _, ...ownNote } = note;
  const own: MessageEvent = { type: 'MessageWritten', note: ownNote, ways: ['KAKAO'] };
  expect(after([own], sent)).toEqual({ messages: [] }); // it is about no order, and nobody else's
});

test('the recipients are those of the order’s latest event', () => {
  const told = { customerId: 'c', providerId: 'p', title: 'T', version: 2 };
  spec(parties).given().when(told).then(told);
  spec(parties)
    .given(told)
    .when({ ...told, version: 1 })
    .thenNothing();
  spec(parties)
    .given(told)
    .when({ ...told, version: 3 })
    .then({ ...told, version: 3 });
  const [customer, provider] = [
    { id: 'c', as: 'customer' },
    { id: 'p', as: 'provider' },
  ];
  expect([
    recipientsOf(told),
    recipientsOf({ ...told, providerId: '' }),
    recipientsOf({ ...told, providerId: 'c' }),
  ]).toEqual([[customer, provider], [customer], [customer]]);
});
