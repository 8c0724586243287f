import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { eventually } from './eventually.ts';

/** A mail server for tests. */
export interface Mailbox {
  /** For `SMTP_URL`. */
  url: string;
  /** What it has taken for an address so far, as text, oldest first. */
  mailsTo(address: string): readonly string[];
  /** The newest link to that page which was mailed to an address after `known` mails; waits for it. */
  linkTo(address: string, page: string, known?: number): Promise<string>;
  close(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: { to: string; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      const bytes: Buffer[] = [];
      stream.on('data', (each: Buffer) => bytes.push(each));
      stream.on('end', () => {
        mails.push({ to: envelope.rcptTo[0]?.address ?? '', text: textOf(Buffer.concat(bytes).toString('latin1')) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const mailsTo = (address: string): string[] => mails.filter(({ to }) => to === address).map(({ text }) => text);
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mailsTo,
    async linkTo(address, page, known = 0) {
      const found = (): string | undefined =>
        mailsTo(address)
          .slice(known)
          .map((text) => new RegExp(`https?://\\S+(${page}\\?code=[\\w.-]+)`).exec(text)?.[1])
          .findLast((path) => path !== undefined);
      return (await eventually(
        async () => found(),
        (path) => path !== undefined,
      )) as string;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The body, decoded. */
function textOf(mail: string): string {
  const [head = '', ...rest] = mail.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString();
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
