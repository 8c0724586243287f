import { createTransport } from 'nodemailer';
import { shortened } from '#kernel/text.ts';
import type { Send } from '../ports.ts';

/** Answers of a mail server that will be the same tomorrow: no such mailbox, refused for good. */
const isForGood = (code: number | undefined): boolean => code !== undefined && code >= 500 && code < 600;

/** The first line, which says what has happened before it names the order: whatever the title, that is not cut off. */
const subjectOf = (text: string): string => shortened(text.split('\n')[0] ?? '', 100);

/**
 * E-mail by SMTP. A mail server knows no idempotency key: a crash between its yes and our commit sends the mail twice, with the same
 * Message-ID, by which mailboxes know it for one.
 */
export function smtpMail({ url, from }: { url: string; from: string }): { send: Send; close(): void } {
  const transport = createTransport({ url, connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 5_000 });
  return {
    async send({ key, address, text }) {
      try {
        await transport.sendMail({ from, to: address, subject: subjectOf(text), text, messageId: `<${key}@jari>` });
        return { outcome: 'taken' };
      } catch (error) {
        const { responseCode } = error as { responseCode?: number };
        if (isForGood(responseCode)) return { outcome: 'refused', reason: `SMTP_${responseCode}` };
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

/** Where no mail server is set, nobody is written to by mail: the message can be read in the app. */
export const noMail: { send: Send; close(): void } = {
  send: async () => ({ outcome: 'refused', reason: 'NO_MAIL_SERVER' }),
  close: () => undefined,
};
