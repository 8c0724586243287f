import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { inScope } from '#adapters/scope/scope.ts';
import { logger } from './log.ts';

/** What the lines of `write` say. */
function logged(write: (log: ReturnType<typeof logger>) => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const to = new Writable({ write: (chunk, _encoding, done) => (lines.push(JSON.parse(String(chunk))), done()) });
  write(logger('lodging', to));
  return lines;
}

test('every line names the service, its level, and the order or request it was written for (K6)', () => {
  const lines = logged((log) => {
    log.info('before');
    inScope({ correlationId: 'order-1', causationId: 'message-2' }, () => log.warn({ attempt: 2 }, 'within'));
  });
  expect(lines).toEqual([
    { level: 'info', time: expect.any(Number), service: 'lodging', msg: 'before' },
    {
      level: 'warn',
      time: expect.any(Number),
      service: 'lodging',
      correlationId: 'order-1',
      causationId: 'message-2',
      attempt: 2,
      msg: 'within',
    },
  ]);
});

test('no line shows tokens or what belongs to a person alone, however deep it lies', () => {
  const shown = logged((log) => {
    log.info({
      authorization: 'S3CRET',
      metadata: { Authorization: 'S3CRET', deeper: [{ access_token: 'S3CRET', kept: 'seen' }] },
    });
    log.info({
      profile: { email: 'S3CRET', phone: 'S3CRET', phoneNumber: 'S3CRET' },
      cardNumber: 'S3CRET',
      cvc: 'S3CRET',
      holder: 'S3CRET',
    });
    log.error({ err: Object.assign(new Error('boom'), { headers: { authorization: 'S3CRET' }, why: 'seen' }) });
  }).map((line) => JSON.stringify(line));
  expect(shown).toHaveLength(3);
  expect(shown.join()).not.toContain('S3CRET');
  expect(shown.filter((line) => line.includes('seen'))).toHaveLength(2);
});

test('an error is logged with its stack', () => {
  const [line] = logged((log) => log.error({ err: new Error('boom') }, 'failed'));
  expect(line).toMatchObject({ err: { message: 'boom', stack: expect.stringContaining('log.test') } });
});
