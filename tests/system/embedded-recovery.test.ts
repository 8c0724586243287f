import { afterAll, beforeAll } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { openMailbox } from './kit/mailbox.ts';
import { changingPassword } from './kit/suites/changing-password.ts';
import { recovering } from './kit/suites/recovery.ts';

// On `node services/run.ts identity notification`, with a real mail server.
const mailbox = await openMailbox();
const noLimits = { JARI_SIGN_INS_PER_ADDRESS: '0', JARI_MAIL_RECOVERY: '1000' };
const jari = await embedded({ SMTP_URL: mailbox.url, ...noLimits }, ['identity', 'notification']);
beforeAll(() => jari.up(), 60_000);
afterAll(async () => {
  await jari.remove();
  await mailbox.close();
}, 60_000);

recovering(jari, mailbox);
changingPassword(jari);
