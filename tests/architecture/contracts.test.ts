import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseProto } from '../../docs/draw/protos.ts';
import { breakingChanges } from './breaking.ts';
import { protoProblems } from './protos.ts';
import { git } from './running.ts';

const root = join(import.meta.dirname, '../..');

describe('a contract that others rely on (K17)', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'jari-contracts-'));
  const proto = join(checkout, 'proto/jari/payment/v1/messages.proto');
  const edit = (from: string | RegExp, to: string): void =>
    writeFileSync(proto, readFileSync(proto, 'utf8').replace(from, to));
  const commit = (message: string): Promise<string> =>
    git(
      checkout,
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@localhost',
      'commit',
      '--quiet',
      '--all',
      '--message',
      message,
    );
  const restore = (): Promise<string> => git(checkout, 'checkout', '--quiet', '--', 'proto');

  beforeAll(async () => {
    for (const path of ['proto', 'buf.yaml']) cpSync(join(root, path), join(checkout, path), { recursive: true });
    await git(checkout, 'init', '--quiet', '--initial-branch=main');
    await git(checkout, 'add', 'proto', 'buf.yaml');
    await commit('as released');
  });
  afterAll(() => rmSync(checkout, { recursive: true }));

  test('may be added to', async () => {
    edit(/message PaymentCompleted \{/, 'message PaymentCompleted {\n  string receipt = 9;');
    expect(await breakingChanges(checkout)).toEqual({ problems: '', note: 'against main' });
    await restore();
  });
  test('may not lose a field, get another type, or be renamed', async () => {
    edit('string payer_id = 2 [(buf.validate.field).string.uuid = true];', 'int64 payer_id = 2;');
    edit('string payee_id = 3;', '');
    edit('message PaymentDeferred', 'message PaymentPostponed');
    const { problems } = await breakingChanges(checkout);
    expect(problems).toContain('Field "2" with name "payer_id" on message "RequestPayment" changed type');
    expect(problems).toContain('field "3" with name "payee_id" on message "RequestPayment" was deleted');
    expect(problems).toContain('message "PaymentDeferred" was deleted');
    await restore();
  });
  test('is watched on main itself: against what stood before the last commit', async () => {
    edit('string payee_id = 3;', '');
    await commit('breaks it');
    expect(await breakingChanges(checkout)).toMatchObject({
      problems: expect.stringContaining('payee_id'),
      note: 'against main~1',
    });
  });
  test('cannot be compared where there is no main, and that is said', async () => {
    await git(checkout, 'branch', '--move', 'main', 'elsewhere');
    expect(await breakingChanges(checkout)).toEqual({
      problems: '',
      note: 'skipped: there is no branch main to compare with',
    });
  });
  test('is compared with the remote main in a clone that has no other', async () => {
    await git(checkout, 'update-ref', 'refs/remotes/origin/main', 'HEAD~1');
    expect(await breakingChanges(checkout)).toMatchObject({
      problems: expect.stringContaining('payee_id'),
      note: 'against origin/main',
    });
  });
});

describe('words and comments of a contract', () => {
  const file = (context: string, ...lines: string[]): string[] =>
    protoProblems([parseProto(`proto/jari/${context}/v1/planted.proto`, lines.join('\n'))]);

  test('a capability does not learn the words of a core context', () => {
    expect(file('payment', 'import "jari/lodging/v1/lodging.proto";')).toEqual([
      'proto/jari/payment/v1/planted.proto imports jari/lodging/v1/lodging.proto: a core context is known to nobody',
    ]);
  });
  test('contexts do not share their protos', () =>
    expect(file('lodging', 'import "jari/payment/v1/messages.proto";')).toHaveLength(1));
  test('own words, the published language and what others publish are free', () => {
    expect(
      file(
        'payment',
        'import "jari/payment/v1/messages.proto";',
        'import "jari/order/v1/order.proto";',
        'import "google/type/money.proto";',
      ),
    ).toEqual([]);
  });
  test('a call whose comment says neither how it fails nor whom it is for is found', () => {
    const planted = [
      'service S {',
      '  // Pays.',
      '  rpc Pay(A) returns (B);',
      '  rpc Mute(A) returns (B);',
      '  // Anyone.',
      '  rpc Open(A) returns (B);',
    ];
    const more = [
      '  // Pays back.',
      '  //',
      '  // NOT_FOUND: none such.',
      '  rpc Refund(A) returns (B) {',
      '  // Needs role `admin`.',
      '  rpc Rule(A) returns (B);',
      '}',
    ];
    expect(file('payment', ...planted, ...more).map((problem) => problem.split(' ').slice(4, 5).join())).toEqual([
      'Pay',
      'Mute',
    ]);
  });
  test('reading no proto is a failure', () => expect(protoProblems([])).toEqual(['no proto was read']));
});
