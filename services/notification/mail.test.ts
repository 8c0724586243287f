import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { mail, type InvitationMail, type MailEvent } from './mail.ts';
import { mails } from './process.ts';
import { invitationText } from './texts-own.ts';

const invited: InvitationMail = { address: 'a', link: 'l', role: 'courier', language: 'KO', expires: 100 };
const written: MailEvent = { type: 'MailWritten', mail: invited };
const { given } = spec(mail);

describe('a mail to somebody who is invited (I3)', () => {
  test('is written once, however often it is asked for', () => {
    given().when({ type: 'WriteMail', mail: invited }).then(written);
    given(written).when({ type: 'WriteMail', mail: invited }).thenNothing();
  });

  test('is sent, or cannot be; nothing of it is kept then', () => {
    given(written).when({ type: 'Taken' }).then({ type: 'MailSent' });
    given(written)
      .when({ type: 'Refused', reason: 'SMTP_550' })
      .then({ type: 'MailUndeliverable', reason: 'SMTP_550' });
    given(written, { type: 'MailSent' }).when({ type: 'Taken' }).thenNothing();
    const pending = mail.evolve({ status: 'none' }, written);
    expect(mail.evolve(pending, { type: 'MailSent' })).toEqual({ status: 'sent' });
  });

  test('is tried again until the invitation is over', () => {
    given(written).when({ type: 'Unanswered', retryAt: 99 }).then({ type: 'MailDelayed', retryAt: 99 });
    given(written).when({ type: 'Unanswered', retryAt: 100 }).then({ type: 'MailUndeliverable', reason: 'TOO_LATE' });
    const after = { id: 'i', state: { status: 'none' }, version: 1, createdAt: 5, updatedAt: 5 } as const;
    expect(mails.consequences([written], after).timers).toEqual([{ name: 'send', at: 5 }]);
    expect(mails.consequences([{ type: 'MailDelayed', retryAt: 9 }], after).timers).toEqual([{ name: 'send', at: 9 }]);
  });

  test('says to which role, by which link and until when, in the language that was chosen', () => {
    const facts = { role: 'courier', link: 'https://jari.example/x', expires: Date.UTC(2026, 11, 3) };
    expect(invitationText(facts, 'KO')).toMatch(/기사.*https:\/\/jari\.example\/x.*12월 3일/s);
    expect(invitationText(facts, 'EN')).toMatch(/courier.*https:\/\/jari\.example\/x.*3 Dec 2026/s);
  });
});
