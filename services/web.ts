// `node services/web.ts`: serves the web pages and the sign-in pages, behind Envoy.
import { join } from 'node:path';
import { host, str } from 'envalid';
import { issuersFrom } from '#adapters/auth/issuers.ts';
import { serviceTokenSetting } from '#adapters/auth/service-token.ts';
import { tokenSettings, verifierOf } from '#adapters/auth/settings.ts';
import { addressHeader } from '#adapters/grpc/client-address.ts';
import { port, readSettings, SettingsError } from '#adapters/settings/settings.ts';
import { logger } from '#adapters/telemetry/log.ts';
import { tlsOf, tlsSettings, type Tls } from '#adapters/tls/tls.ts';
import { serveWeb } from '#adapters/web-server/serve.ts';
import { webFiles } from '#adapters/web-files/web-files.ts';
import { productionSettings, refuseUnfit, signInProblems } from './production.ts';
import { web } from './registry.ts';

const webSettings = {
  WEB_PORT: port({
    default: web.port,
    desc: 'Port of the process that serves the web pages behind Envoy. 0 takes a free one.',
  }),
  WEB_HOST: host({ default: '127.0.0.1', desc: 'Address that it listens on. In a container: 0.0.0.0.' }),
  IDENTITY_ADDR: str({
    default: '',
    desc: 'Address of identity, which the sign-in pages call. Empty: the process serves no sign-in pages.',
  }),
  ...serviceTokenSetting,
  ...productionSettings,
  ...tokenSettings,
  ...tlsSettings,
};
const log = logger(web.name);

try {
  const settings = readSettings(webSettings);
  const tls = tlsOf(settings);
  const files = webFiles(join(import.meta.dirname, '../web/dist'));
  if (!files) throw new SettingsError('there are no web pages: build them by npm install');
  const signIn = settings.IDENTITY_ADDR ? await signInWith(settings, tls) : undefined;
  const server = await serveWeb({
    ...{ files, port: settings.WEB_PORT, host: settings.WEB_HOST, tls },
    ...(signIn && { signIn: signIn.pages }),
  });
  log.info({ port: server.port }, 'web is ready');
  const close = async (): Promise<void> => {
    await server.close();
    signIn?.close();
    process.exit(0); // what looks for new keys has nothing to do any more
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exitCode = 2;
}

type Given = ReturnType<typeof readSettings<typeof webSettings>>;
type SignIn = (typeof import('./identity/main.ts'))['openSignIn'];

/** Envoy says from which address a browser calls. */
async function signInWith(settings: Given, tls: Tls): Promise<ReturnType<SignIn>> {
  const development = settings.NODE_ENV !== 'production';
  if (!development) refuseUnfit(signInProblems(settings));
  const verifier = verifierOf(settings, await issuersFrom(settings));
  const { openSignIn } = await import('./identity/main.ts');
  return openSignIn({
    ...{ address: settings.IDENTITY_ADDR, settings, tls, verifier, development, log },
    addressOf: ({ headers }) => headers[addressHeader]?.toString() ?? '',
  });
}
