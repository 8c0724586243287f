import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { smtpMail } from './mail.ts';

const taken: string[] = [];
let refusal: Error | undefined;
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onMailFrom({ address: _ }, __, done) {
    done(refusal);
  },
  onData(stream, _, done) {
    let text = '';
    stream.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')));
    stream.on('end', () => (taken.push(text), done()));
  },
});
let mail: ReturnType<typeof smtpMail>;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  mail = smtpMail({
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    from: 'jari@jari.example',
  });
});
afterAll(async () => {
  mail.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

/** The subject as a mail program shows it. */
function subjectOf(mime: string): string {
  const [, folded = ''] = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(mime) ?? [];
  return folded
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?(.*?)\?=/gi, (_, words: string) => Buffer.from(words, 'base64').toString('latin1'))
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_, words: string) =>
      words
        .replaceAll('_', ' ')
        .replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    );
}

test('the subject of a mail says what has happened first, and is never cut within an emoji', async () => {
  const family = '👨‍👩‍👧‍👦';
  await mail.send({
    key: 'k',
    orderId: 'o',
    channel: 'EMAIL',
    address: 'a@jari.example',
    text: `[예약 확정] ${family.repeat(200)}\nmore`,
  });
  const subject = Buffer.from(subjectOf(taken[0]!), 'latin1').toString('utf8');
  expect(subject).toBe(`[예약 확정] ${family.repeat(91)}…`);
});

test.each([
  [421, 'Try again later'],
  [450, '4.7.1 Too many mails from this sender'],
])('a mail server that answers %i %s asks for a pause', async (responseCode, text) => {
  refusal = Object.assign(new Error(text), { responseCode });
  await expect(
    mail.send({ key: 'p', orderId: 'o', channel: 'EMAIL', address: 'a@jari.example', text: 'x' }),
  ).rejects.toMatchObject({ name: 'TooManyCalls' });
  refusal = Object.assign(new Error('4.2.1 Mailbox busy'), { responseCode: 450 });
  await expect(
    mail.send({ key: 'p', orderId: 'o', channel: 'EMAIL', address: 'a@jari.example', text: 'x' }),
  ).rejects.toMatchObject({ name: 'Error' });
  refusal = undefined;
});
