import { createTransport } from 'nodemailer';
import { shortened } from '#kernel/text.ts';
import { tooManyCalls } from '#adapters/failures/failures.ts';
import type { Send } from '../ports.ts';

/** Permanent refusals of a mail server: no such mailbox, refused permanently. */
const isForGood = (code: number | undefined): boolean => code !== undefined && code >= 500 && code < 600;

/** It asks for a pause: too many connections or mails at once, which SMTP says without naming a time. */
const isTooMany = (code: number | undefined, text: string): boolean => code === 421 || /^45\d[ -]4\.7\.\d/.test(text);

/** The first line: it says what happened before it names the order, so that a long title does not cut it off. */
const subjectOf = (text: string): string => shortened(text.split('\n')[0] ?? '', 100);

/**
 * E-mail by SMTP. A mail server has no idempotency keys: a crash between its acceptance and our commit sends the mail twice, with the same
 * Message-ID, by which mailboxes can recognise the copy.
 */
export function smtpMail({ url, from }: { url: string; from: string }): { send: Send; close(): void } {
  const transport = createTransport({ url, connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 5_000 });
  return {
    async send({ key, address, text }) {
      try {
        await transport.sendMail({ from, to: address, subject: subjectOf(text), text, messageId: `<${key}@jari>` });
        return { outcome: 'taken' };
      } catch (error) {
        const { responseCode, response = '' } = error as { responseCode?: number; response?: string };
        if (isForGood(responseCode)) return { outcome: 'refused', reason: `SMTP_${responseCode}` };
        throw isTooMany(responseCode, response) ? tooManyCalls('the mail server', undefined) : error;
      }
    },
    close: () => transport.close(),
  };
}

/** Without a mail server no e-mail is sent; the message is in the app. */
export const noMail: { send: Send; close(): void } = {
  send: async () => ({ outcome: 'refused', reason: 'NO_MAIL_SERVER' }),
  close: () => undefined,
};
