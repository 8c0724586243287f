// `node services/web.ts`: serves the web pages, behind Envoy.
import { join } from 'node:path';
import { host } from 'envalid';
import { port, readSettings, SettingsError } from '#adapters/settings/settings.ts';
import { logger } from '#adapters/telemetry/log.ts';
import { tlsOf, tlsSettings } from '#adapters/tls/tls.ts';
import { serveWeb } from '#adapters/web-files/serve.ts';
import { webFiles } from '#adapters/web-files/web-files.ts';
import { web } from './registry.ts';

const webSettings = {
  WEB_PORT: port({
    default: web.port,
    desc: 'Port of the process that serves the web pages behind Envoy. 0 takes a free one.',
  }),
  WEB_HOST: host({ default: '127.0.0.1', desc: 'Address that it listens on. In a container: 0.0.0.0.' }),
  ...tlsSettings,
};

try {
  const settings = readSettings(webSettings);
  const files = webFiles(join(import.meta.dirname, '../web/dist'));
  if (!files) throw new SettingsError('there are no web pages: build them by npm install');
  const server = await serveWeb({ files, port: settings.WEB_PORT, host: settings.WEB_HOST, tls: tlsOf(settings) });
  logger(web.name).info({ port: server.port }, 'web is ready');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exitCode = 2;
}
