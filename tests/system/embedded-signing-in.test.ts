import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { userId } from '#adapters/auth/token.ts';
import { checkout, embedded } from './kit/embedded.ts';
import { ok, person } from './kit/people.ts';
import { startProgram } from './kit/program.ts';
import { inviting } from './kit/suites/invitations.ts';
import { peopleAndRoles } from './kit/suites/roles.ts';
import { steppingUp } from './kit/suites/step-up.ts';
import { rotatingKeys, signedIn, signingIn } from './kit/suites/signing-in.ts';

// On `node services/run.ts identity views property`.
const jari = await embedded({ JARI_KEY_LEAD_SECONDS: '3', JARI_SIGN_INS_PER_ADDRESS: '0' }, [
  'identity',
  'views',
  'property',
]);
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

signingIn(jari);
peopleAndRoles(jari);
inviting(jari);
steppingUp(jari);
rotatingKeys(jari);

describe('npm run admin (I3)', () => {
  const run = async (...args: string[]): Promise<[number | string, string]> => {
    const program = startProgram({
      ...{ command: process.execPath, args: ['services/identity/adapters/admin.ts', ...args] },
      ...{ cwd: checkout, env: jari.env },
    });
    return [await program.ended, program.output()];
  };

  test('shows whose account it is, and makes that one an administrator while Jari runs, on record', async () => {
    const { tab, email } = await signedIn(jari);
    const id = (await tab.session()).person?.id ?? '';
    const [code, shown] = await run(email.toUpperCase());
    expect([code, shown]).toEqual([2, expect.stringContaining(`${email.toUpperCase()} ${id}\n`)]);
    expect(shown).toMatch(/name +김하늘\n +id +\S+\n +registered +20\d\d-\S+Z\n/);
    expect((await tab.session()).roles).toEqual(['customer']);
    expect(await run(email, id)).toEqual([0, expect.stringContaining('is an administrator')]);
    expect((await tab.session()).roles).toEqual(['customer', 'admin']);
    const people = await tab.call('GET', '/v1/people?role=admin');
    expect(people.status).toBe(200);
    expect(await run(email, id)).toEqual([0, expect.stringContaining('is an administrator')]); // twice is once
    const acts = await jari.rows('identity', `select from audit where content like '%npm run admin%'`);
    expect(acts).toHaveLength(2);
  }, 20_000);

  test('makes no other account an administrator, nor a suspended one', async () => {
    const { tab, email } = await signedIn(jari);
    const id = (await tab.session()).person?.id ?? '';
    expect(await run(email, userId('guest'))).toEqual([2, expect.stringContaining('is not the id of the account')]);
    await ok(person(jari, 'boss:admin').post(`/v1/people/${id}:suspend`, { text: 'x' }));
    expect(await run(email, id)).toEqual([2, expect.stringContaining('is suspended')]);
  }, 20_000);

  test('says what is wrong', async () => {
    expect(await run('nobody@example.com')).toEqual([2, expect.stringContaining('/auth/register')]);
    expect(await run('nobody')).toEqual([2, expect.stringContaining('usage')]);
  });
});
