import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { message, type Message, type MessageEvent, type MessageInput, type Note } from './message.ts';
import { parties, recipientsOf } from './parties.ts';
import { messages } from './process.ts';
import { contactOf, profile, type Contact } from './profile.ts';

const order = { kind: 'preorder.preorder', id: 'order' };
const note: Note = { order, recipientId: 'customer', language: 'KO', text: '접수되었습니다.' };
const contact: Contact = { language: 'KO', email: 'a@b.c', phone: '010' };
const by = (channel: 'KAKAO' | 'EMAIL', address: string): MessageEvent => ({ type: 'MessageWritten', note, by: { channel, address } });
const here: MessageEvent = { type: 'MessageWritten', note, by: { channel: 'IN_APP' } };
const kakao = by('KAKAO', '010');
const mail = by('EMAIL', 'a@b.c');
const sms: MessageEvent = { type: 'FellBackOnSms' };
const sent: MessageEvent = { type: 'MessageSent' };
const lost: MessageEvent = { type: 'MessageUndeliverable', reason: 'NO' };
const write = (how: Partial<Contact>): MessageInput => ({ type: 'WriteMessage', note, contact: { ...contact, ...how } });
const { given } = spec(message);

describe('a message (P11)', () => {
  test('goes by KakaoTalk where there is a phone, else by e-mail, else it is read in the app', () => {
    given().when(write({})).then(kakao);
    given().when(write({ phone: '' })).then(mail);
    given().when(write({ phone: '', email: '' })).then(here);
  });
  test('written twice is written once', () => {
    for (const written of [kakao, mail, here]) given(written).when(write({})).thenNothing();
  });
  test('falls back on SMS when KakaoTalk refuses it, and on nothing after that', () => {
    given(kakao).when({ type: 'Refused', reason: 'NOT_A_USER' }).then(sms);
    given(kakao, sms).when({ type: 'Refused', reason: 'NO' }).then(lost);
    given(mail).when({ type: 'Refused', reason: 'NO' }).then(lost);
  });
  test('that nobody answered is tried again', () => given(kakao).when({ type: 'Unanswered', retryAt: 9 }).then({ type: 'MessageDelayed', retryAt: 9 }));
  test('is sent once it is taken', () => given(kakao).when({ type: 'Taken' }).then(sent));
  test.each([[], [here], [kakao, sent], [mail, lost]])('that is not on its way is not moved by late answers', (...past) => {
    for (const input of [{ type: 'Taken' }, { type: 'Refused', reason: 'NO' }, { type: 'Unanswered', retryAt: 9 }] as const) given(...(past as MessageEvent[])).when(input).thenNothing();
  });
});

test('the provider is asked by an alarm clock, and only what left is told', () => {
  const after = (past: MessageEvent[], event: MessageEvent) => {
    const state: Message = [...past, event].reduce(message.evolve, message.initial);
    return messages.consequences([event], { id: 'id', state, version: 1, createdAt: 5, updatedAt: 5 });
  };
  expect(after([], here)).toEqual({ timers: [] });
  for (const written of [kakao, mail]) expect(after([], written)).toEqual({ timers: [{ name: 'deliver', at: 5 }] });
  expect(after([kakao], sms)).toEqual({ timers: [{ name: 'deliver', at: 5 }] });
  expect(after([kakao], { type: 'MessageDelayed', retryAt: 9 })).toEqual({ timers: [{ name: 'deliver', at: 9 }] });
  expect(after([kakao], sent)).toEqual({ messages: [{ type: 'MessageSent', order, recipientId: 'customer', channel: 'KAKAO' }] });
  expect(after([mail], lost)).toEqual({});
});

test('who is written to is as the order last said', () => {
  const told = { customerId: 'c', providerId: 'p', title: 'T', version: 2 };
  spec(parties).given().when(told).then(told);
  spec(parties).given(told).when({ ...told, version: 1 }).thenNothing();
  spec(parties).given(told).when({ ...told, version: 3 }).then({ ...told, version: 3 });
  const [customer, provider] = [{ id: 'c', as: 'customer' }, { id: 'p', as: 'provider' }];
  expect([recipientsOf(told), recipientsOf({ ...told, providerId: '' }), recipientsOf({ ...told, providerId: 'c' })]).toEqual([[customer, provider], [customer], [customer]]);
});

test('a profile is as it was last wished; without one it is Korean, in the app', () => {
  spec(profile).given().when({ type: 'UpdateProfile', contact }).then({ type: 'ProfileUpdated', contact });
  expect(contactOf(profile.initial)).toEqual({ language: 'KO', email: '', phone: '' });
});
