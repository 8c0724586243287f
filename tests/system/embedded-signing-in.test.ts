import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkout, embedded } from './kit/embedded.ts';
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

  test('makes who registered the first administrator while Jari runs, and it is on record', async () => {
    const { tab, email } = await signedIn(jari);
    expect(await run(email.toUpperCase())).toEqual([0, expect.stringContaining('is an administrator')]);
    expect((await tab.session()).roles).toEqual(['customer', 'admin']);
    const people = await tab.call('GET', '/v1/people?role=admin');
    expect(people.status).toBe(200);
    expect(await run(email)).toEqual([0, expect.stringContaining('is an administrator')]); // twice is once
    const acts = await jari.rows('identity', `select from audit where content like '%npm run admin%'`);
    expect(acts).toHaveLength(2);
  });

  test('says what is wrong', async () => {
    expect(await run('nobody@example.com')).toEqual([2, expect.stringContaining('/auth/register')]);
    expect(await run('nobody')).toEqual([2, expect.stringContaining('usage')]);
  });
});
