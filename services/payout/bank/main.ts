import { join } from 'node:path';
import { cleanEnv, host, num, str } from 'envalid';
import { startBank } from './server.ts';

/** The sandbox bank alone in a process. */
const settings = cleanEnv(process.env, {
  SANDBOX_PORT: num({ default: 8091, desc: 'Port of the sandbox bank. 0 takes a free one.' }),
  SANDBOX_HOST: host({
    default: '127.0.0.1',
    desc: 'Address that the sandbox listens on. Anybody who can reach it may use it.',
  }),
  JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
});
const bank = await startBank({
  port: settings.SANDBOX_PORT,
  host: settings.SANDBOX_HOST,
  dir: join(settings.JARI_DATA, 'bank'),
});
console.log(`bank listens on ${bank.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void bank.close());
