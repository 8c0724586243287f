import { host as address, str } from 'envalid';
import { tokenSettings } from '#adapters/auth/settings.ts';
import { count, perSecond, port, type Settings } from '#adapters/settings/settings.ts';
import { tlsSettings } from '#adapters/tls/tls.ts';
import { productionSettings, verifiedEmailSetting } from './production.ts';

/** Connections at most of a service that has a database to itself. */
export const connectionsAlone = 10;
/** The same of one that shares the embedded PostgreSQL with all the others. */
export const connectionsEmbedded = 8;

/** What every process reads; each service adds its own. */
export const processSettings = {
  PORT: port({ default: 8080, desc: 'Port of the REST API and the web pages.' }),
  GRPC_PORT: port({ default: 50051, desc: 'Port of gRPC.' }),
  GRPC_HOST: address({ default: '127.0.0.1', desc: 'Address that gRPC listens on. In a container: 0.0.0.0.' }),
  METRICS_PORT: port({
    default: 0,
    desc: 'Port of the Prometheus metrics, /livez and /readyz of the process. 0 serves none.',
  }),
  JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
  ...tokenSettings,
  ...tlsSettings,
  ...productionSettings,
  JARI_REFLECTION: str({
    choices: ['on', 'off', 'auto'],
    default: 'auto',
    desc: 'gRPC reflection, which lists every method. auto: off in production, otherwise on.',
  }),
  DATABASE_URL: str({
    default: '',
    desc: 'Database of the service, when the process runs one. Empty: an embedded PostgreSQL in JARI_DATA.',
  }),
  RABBITMQ_URL: str({
    default: '',
    desc: 'URL of the broker, with the user of the same name as the service. Empty: messages pass within the process, through the database.',
  }),
  GATEWAY: str({
    choices: ['embedded', 'none'],
    default: 'embedded',
    desc: 'embedded: the process serves REST itself. none: Envoy serves it.',
  }),
  JARI_RATE_PER_SUBJECT: perSecond({
    default: 500,
    desc: 'Requests per second and user; bursts of twice that are allowed. 0 is no limit. Each gateway counts its own.',
  }),
  JARI_RATE_PER_ADDRESS: perSecond({
    default: 1_000,
    desc: 'Requests per second and client address; bursts of twice that are allowed. The addresses of one IPv6 network (/64) count as one. 0 is no limit. Each gateway counts its own.',
  }),
  JARI_CONNECTIONS_PER_ADDRESS: count({
    default: 256,
    desc: 'Most connections that a client address, or an IPv6 network (/64), may have open at the embedded gateway, and as many at its gRPC port; it closes more at once. 0 is no limit, as with JARI_TRUSTED_HOPS: then the connections are those of proxies. Envoy does not count them by address.',
  }),
  JARI_STREAMS_PER_SUBJECT: count({ default: 20, desc: 'Most streams that a user may have open at a process.' }),
  JARI_STREAMS_PER_ADDRESS: count({
    default: 200,
    desc: 'Most streams that a client address, or an IPv6 network (/64), may have open at a process.',
  }),
  JARI_LISTING_CHANGES: count({
    default: 300,
    desc: 'Changes of listings that a person may make within ten minutes at a process. 0 is no limit.',
  }),
  JARI_ORDERS_PER_CUSTOMER: count({
    default: 200,
    desc: 'Orders that a customer may make at once at a process, and as many again over 24 hours. Refused ones do not count. 0 is no limit.',
  }),
  JARI_CANCELLATIONS: count({
    default: 100,
    desc: 'Times that a person may cancel orders at once at a process, and as many again over 24 hours. Administrators are not counted. 0 is no limit.',
  }),
  JARI_KEYS_PER_CALLER: count({
    default: 2_000,
    desc: 'Calls with a new idempotency key that a person may make within an hour at a process, which keeps the answer of each for two days. 0 is no limit.',
  }),
  JARI_TRUSTED_HOPS: count({
    default: 0,
    desc: 'Number of trusted proxies in front of the gateway, whose X-Forwarded-For counts. 0: the client is the peer of the connection.',
  }),
  JARI_HOSTS: str({
    default: '',
    desc: 'Host names that the gateway serves, separated by commas; it answers others with 421. Empty: any.',
  }),
  ...verifiedEmailSetting,
  LOG_LEVEL: str({
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    desc: 'Lowest level that is logged. `npm start` shows warnings and errors only.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: str({
    default: '',
    desc: 'URL that traces are sent to, by OTLP over HTTP. Empty: none are sent.',
  }),
};

export type ProcessSettings = Settings<typeof processSettings>;
