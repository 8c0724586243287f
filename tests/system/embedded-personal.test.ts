import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { eventually } from './kit/eventually.ts';
import { ok, person, refusalOf } from './kit/people.ts';

// Telephone numbers, e-mail addresses and bank accounts, on `node services/run.ts notification payout`.

const jari = await embedded({ LOG_LEVEL: 'trace' }, ['notification', 'payout']);
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

const personal = /5555.?4321|seoyeon|987654|110-222/i;

/** All that a dump of the two databases shows. */
async function dumped(): Promise<string> {
  let dump = '';
  for (const service of jari.services) {
    const tables = await jari.rows<{ name: string }>(
      service,
      'select relname::text name from pg_stat_user_tables where schemaname = current_schema()',
    );
    for (const { name } of tables) dump += JSON.stringify(await jari.rows(service, `select t::text from ${name} t`));
    // Answers that are kept for a repetition are bytes.
    for (const { response } of await jari.rows<{ response: string | null }>(
      service,
      `select encode(response, 'escape') response from kept_answer`,
    ))
      dump += response;
  }
  return dump;
}

const profile = { language: 'KO', phone: '010-5555-4321', email: 'seoyeon@jari.example' };
const account = { bank: '국민', number: '110-222-987654', holder: 'Seoyeon Lee' };

describe('personal data at rest', () => {
  test('is sealed in every table and shown in no log, and its owner reads it, the account masked, also when a command is repeated', async () => {
    const [mina, admin] = [person(jari, 'mina'), person(jari, 'admin')];
    const key = { 'idempotency-key': 'the-same' };
    for (const _ of [1, 2]) {
      expect(await ok(mina.put('/v1/profile', profile, key))).toMatchObject({
        phone: '+821055554321',
        email: profile.email,
        phoneVerified: false,
        emailVerified: false,
      });
      expect(await ok(mina.put('/v1/payout-accounts/me', account, key))).toMatchObject({
        ...account,
        number: '***-***-**7654',
      });
    }
    const codes = async () =>
      (await ok(admin.get<{ entries: { text: string }[] }>(`/v1/sandbox/messenger/ledger?order_id=${mina.id}`)))
        .entries;
    const [sent] = await eventually(codes, ({ length }) => length === 1);
    const code = /\d{6}/.exec(sent!.text)![0];
    expect(
      refusalOf(
        await mina.post('/v1/profile:verify', { channel: 'PHONE', code: code === '000000' ? '000001' : '000000' }),
      ),
    ).toMatchObject({ status: 400, reason: 'WRONG_CODE' });
    expect(await ok(mina.post('/v1/profile:verify', { channel: 'PHONE', code }, key))).toMatchObject({
      phoneVerified: true,
    });
    expect(await ok(mina.get('/v1/profile'))).toMatchObject({ phone: '+821055554321', phoneVerified: true });
    expect(await ok(mina.get('/v1/payout-accounts/me'))).toMatchObject({ ...account, number: '***-***-**7654' });
    expect(await dumped()).toMatch(/sealed\./);
    expect(await dumped()).not.toMatch(personal);
    expect(jari.program.output()).not.toMatch(personal);
  }, 60_000);

  test('needs a secret, made at the first start and readable by its owner alone', () => {
    const data = String(jari.env['JARI_DATA']);
    expect(readdirSync(data)).toContain('secret');
    expect(statSync(join(data, 'secret')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(data, 'secret'), 'utf8').length).toBeGreaterThanOrEqual(32);
  });

  test('is refused where no message could reach one person: impossible, premium and short numbers', async () => {
    const mina = person(jari, 'mina');
    for (const phone of ['0      0', '01234567890123456789', '060-700-1234', '112'])
      expect(refusalOf(await mina.put('/v1/profile', { phone }))).toMatchObject({ status: 400, fields: ['phone'] });
    expect(await ok(mina.get('/v1/profile'))).toMatchObject({ phone: '+821055554321' });
  });

  test('of the sample people is verified from the start', async () => {
    expect(await ok(person(jari, 'guest').get('/v1/profile'))).toMatchObject({
      phone: '+821000000001',
      phoneVerified: true,
      emailVerified: true,
    });
  });
});
