import { expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { mailbox, type MailboxEvent, type MailboxInput } from './mailbox.ts';
import { mailboxes } from './process.ts';

const leave = (payload: string): MailboxInput => ({ type: 'LeaveSignal', from: 'juno', payload, forgetAt: 9_000 });
const left = (number: number, payload = `signal ${number}`): MailboxEvent => ({
  type: 'SignalLeft',
  signal: { number, from: 'juno', payload },
  forgetAt: 9_000,
});
const { given } = spec(mailbox);
const after = (...events: MailboxEvent[]) => events.reduce(mailbox.evolve, mailbox.initial);

test('signals are counted in the order in which they come', () => {
  given().when(leave('offer')).then(left(1, 'offer'));
  given(left(1), left(2)).when(leave('candidate')).then(left(3, 'candidate'));
});

test('the last hundred are kept, under their own numbers', () => {
  const { count, signals } = after(...Array.from({ length: 130 }, (_, index) => left(index + 1)));
  expect({ count, kept: signals.length, first: signals[0]?.number, last: signals.at(-1)?.number }).toEqual({
    count: 130,
    kept: 100,
    first: 31,
    last: 130,
  });
});

test('with the end of the lecture they are forgotten', () => {
  expect(
    mailboxes.consequences([left(1)], { id: 'session', state: after(left(1)), version: 1, createdAt: 0, updatedAt: 0 }),
  ).toEqual({ timers: [{ name: 'forget', at: 9_000 }] });
  given(left(1)).when({ type: 'ForgetSignals' }).then({ type: 'SignalsForgotten' });
  expect(after(left(1), { type: 'SignalsForgotten' })).toEqual({ count: 1, signals: [] });
});
