import { afterAll, beforeAll } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { peopleAndRoles } from './kit/suites/roles.ts';
import { rotatingKeys, signingIn } from './kit/suites/signing-in.ts';

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
rotatingKeys(jari);
