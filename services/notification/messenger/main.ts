import { join } from 'node:path';
import { cleanEnv, host, num, str } from 'envalid';
import { startMessenger } from './server.ts';

/** The sandbox messenger provider alone in a process. */
const settings = cleanEnv(process.env, {
  SANDBOX_PORT: num({ default: 8092, desc: 'Port of the sandbox messenger provider. 0 takes a free one.' }),
  SANDBOX_HOST: host({
    default: '127.0.0.1',
    desc: 'Address that the sandbox listens on. Anybody who can reach it may use it.',
  }),
  JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
});
const messenger = await startMessenger({
  port: settings.SANDBOX_PORT,
  host: settings.SANDBOX_HOST,
  dir: join(settings.JARI_DATA, 'messenger'),
});
console.log(`messenger listens on ${messenger.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void messenger.close());
