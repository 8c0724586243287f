import { join } from 'node:path';
import { cleanEnv, host, num, str } from 'envalid';
import { startProvider } from './server.ts';

/** The sandbox payment provider alone in a process. */
const settings = cleanEnv(process.env, {
  SANDBOX_PORT: num({ default: 8090, desc: 'Port of the sandbox payment provider. 0 takes a free one.' }),
  SANDBOX_HOST: host({
    default: '127.0.0.1',
    desc: 'Address that the sandbox listens on. Anybody who can reach it may use it.',
  }),
  JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
});
const provider = await startProvider({
  port: settings.SANDBOX_PORT,
  host: settings.SANDBOX_HOST,
  dir: join(settings.JARI_DATA, 'payment-provider'),
});
console.log(`payment provider listens on ${provider.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void provider.close());
