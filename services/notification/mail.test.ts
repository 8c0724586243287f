import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { complete } from '#kernel/defaults.ts';
import { mail, type IdentityMail, type Mail, type MailEvent, type MailKind } from './mail.ts';
import { mails } from './process.ts';
import { mailText } from './texts-mail.ts';

const invited: IdentityMail = {
  kind: 'invitation',
  address: 'a',
  link: 'l',
  role: 'courier',
  language: 'KO',
  expires: 100,
};
const expires = Date.UTC(2026, 11, 3);
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
    const facts = { kind: 'invitation', role: 'courier', link: 'https://jari.example/x', expires } as const;
    expect(mailText({ ...facts, language: 'KO' })).toMatch(/기사.*https:\/\/jari\.example\/x.*12월 3일/s);
    expect(mailText({ ...facts, language: 'EN' })).toMatch(/courier.*https:\/\/jari\.example\/x.*3 Dec 2026/s);
  });
});

describe('a mail about an account (I1)', () => {
  const written = (kind: MailKind, language: 'KO' | 'EN'): string =>
    mailText({ kind, language, role: '', link: 'https://jari.example/x', expires });

  test('says what its link is for and until when, in the language of the account', () => {
    expect(written('reset', 'KO')).toMatch(/새 비밀번호.*https:\/\/jari\.example\/x.*12월 3일/s);
    expect(written('reset', 'EN')).toMatch(/new password.*https:\/\/jari\.example\/x.*3 Dec 2026/s);
    expect(written('verification', 'KO')).toMatch(/이메일 주소를 확인.*https:\/\/jari\.example\/x.*12월 3일/s);
    expect(written('verification', 'EN')).toMatch(/Verify.*https:\/\/jari\.example\/x.*3 Dec 2026/s);
  });

  test('says that the password was changed, and what to do about it', () => {
    expect(written('password-changed', 'KO')).toMatch(/비밀번호가 바뀌었어요.*https:\/\/jari\.example\/x/s);
    expect(written('password-changed', 'EN')).toMatch(/was changed.*https:\/\/jari\.example\/x/s);
  });

  test('that waited since an earlier version is an invitation', () => {
    const { kind: _, ...older } = invited;
    const row = { status: 'pending', mail: older, tries: 0 } as unknown as Mail;
    expect(complete(row, mail.defaults)).toEqual({ status: 'pending', mail: invited, tries: 0 });
  });
});
