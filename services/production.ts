import { str } from 'envalid';
import { issuer as developmentIssuer } from '#adapters/auth/token.ts';
import { secretProblems } from '#adapters/sealing/secrets.ts';
import { SettingsError } from '#adapters/settings/settings.ts';

/** Read by every process that production judges. */
export const productionSettings = {
  NODE_ENV: str({
    choices: ['development', 'test', 'production'],
    default: 'development',
    desc: 'production: no sandboxes, no sample data, no development key.',
  }),
  JARI_PLAIN_TEXT: str({
    choices: ['refused', 'allowed'],
    default: 'refused',
    desc: 'Whether production may connect without encryption beyond this machine. Allow it only where the network encrypts.',
  }),
};

/** A setting of its own: sign-in pages and Envoy take no orders. */
export const verifiedEmailSetting = {
  JARI_VERIFIED_EMAIL: str({
    choices: ['on', 'off', 'auto'],
    default: 'auto',
    desc: 'Whether only people with a verified e-mail address may order (`VERIFY_FIRST`). A token that does not say (claim `email_verified`) is let through. auto: on in production, otherwise off.',
  }),
};

export const needsVerifiedEmail = ({
  JARI_VERIFIED_EMAIL: wanted,
  NODE_ENV,
}: Readonly<Record<string, unknown>>): boolean => wanted === 'on' || (wanted === 'auto' && NODE_ENV === 'production');

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;
const isLocalUrl = (url: string): boolean => loopback.test(new URL(url).hostname.replace(/^\[|\]$/g, ''));
/** `127.0.0.1:50063`, `ipv4:127.0.0.1:50063,127.0.0.1:50163` */
const isNear = (address: string): boolean =>
  address
    .replace(/^(ipv4|ipv6|dns):\/*/, '')
    .split(',')
    .every((each) => loopback.test(each.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')));

/** How the URL of a party says that the connection is encrypted, where https:// does not say it. */
const encrypted: Readonly<Record<string, { is: RegExp; use: string }>> = {
  DATABASE_URL: { is: /[?&]sslmode=(require|verify-ca|verify-full)(&|$)/, use: 'sslmode=verify-full' },
  RABBITMQ_URL: { is: /^amqps:/i, use: 'amqps://' },
  SMTP_URL: {
    is: /^(?!.*[?&](ignoreTLS|secure|tls\.))(smtps:|smtp:.*[?&]requireTLS=true(&|$))/i,
    use: 'smtps://, or smtp:// with ?requireTLS=true',
  },
};
/** These have rules of their own, which JARI_PLAIN_TEXT does not loosen. */
const judgedApart = ['JARI_PUBLIC_URL', 'STRIPE_API_URL'];

/**
 * What production lacks, or must not have: all of it at once, a line for each. Services that do not read a setting are not asked for it.
 */
export function productionProblems(settings: Readonly<Record<string, unknown>>): string[] {
  return [...new Set(allProblems(settings))];
}

function allProblems(settings: Readonly<Record<string, unknown>>): string[] {
  const text = (name: string): string => String(settings[name] ?? '');
  const needs = (name: string, why: string): string[] =>
    name in settings && !text(name) ? [`${name} is missing: ${why}`] : [];
  const knownPassword = (name: string): string[] => {
    if (!URL.canParse(text(name))) return [];
    const { username, password } = new URL(text(name));
    return password === '' || password === username || ['jari', 'guest', 'postgres', 'password'].includes(password)
      ? [`${name} has no password, or a well-known one`]
      : [];
  };
  return [
    ...needs('DATABASE_URL', 'production does not start an embedded database'),
    ...needs('RABBITMQ_URL', 'production needs RabbitMQ'),
    ...tokenProblems(settings),
    ...needs('JARI_SECRET', 'it encrypts personal data in the database'),
    ...(text('JARI_PAYMENT_PROVIDER') === 'sandbox'
      ? ['JARI_PAYMENT_PROVIDER is sandbox: production allows stripe only']
      : []),
    ...secretProblems(text('JARI_SECRET')),
    ...(text('JARI_PAYMENT_PROVIDER') === 'stripe'
      ? [...needs('STRIPE_API_KEY', 'the secret key of the provider stripe'), ...stripeProblems(text)]
      : []),
    ...needs('BANK_URL', 'the address of the bank'),
    ...needs('MESSENGER_URL', 'the address of the provider of messages'),
    ...(needsVerifiedEmail(settings)
      ? needs('SMTP_URL', 'without mail nobody can verify an address, and so order. Or set JARI_VERIFIED_EMAIL=off')
      : []),
    ...ambiguousDatabase(text('DATABASE_URL')),
    ...knownPassword('DATABASE_URL'),
    ...knownPassword('RABBITMQ_URL'),
    ...Object.keys(settings)
      .filter((name) => /_(URL|ENDPOINT)$/.test(name) && !judgedApart.includes(name))
      .flatMap((name) => unencryptedUrl(settings, name)),
    ...unencryptedCalls(settings),
    ...plainListener(settings, 'GRPC_HOST'),
    ...(text('GATEWAY') === 'embedded' ? gatewayProblems(settings) : []),
  ];
}

/** In a query they count more than what stands before it, where it is looked for. */
const beforeQuery = ['host', 'hostaddr', 'port', 'user', 'password', 'database', 'dbname', 'ssl'];

/** Who reads the address of a database elsewhere than it is judged, or takes the other one of two values, goes there in plain text. */
function ambiguousDatabase(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const names = [...new URL(url).searchParams.keys()].map((name) => name.toLowerCase());
  const twice = names.filter((name, nth) => names.indexOf(name) < nth);
  return [
    ...names
      .filter((name) => beforeQuery.includes(name))
      .map((name) => `DATABASE_URL names ${name} after the question mark: say it before, or by sslmode`),
    ...twice.map((name) => `DATABASE_URL names ${name} twice`),
  ];
}

/** A party that is called without encryption beyond this machine. */
function unencryptedUrl(settings: Readonly<Record<string, unknown>>, name: string): string[] {
  const url = String(settings[name] ?? '');
  if (!url) return [];
  if (!URL.canParse(url)) return [`${name} is not a URL`];
  const { is, use } = encrypted[name] ?? { is: /^(https|file):/i, use: 'https://' };
  return settings['JARI_PLAIN_TEXT'] === 'allowed' || is.test(url) || isLocalUrl(url)
    ? []
    : [`${name} is not encrypted: use ${use}, or set JARI_PLAIN_TEXT=allowed if the network encrypts`];
}

/** Other services that are called without encryption beyond this machine. */
function unencryptedCalls(settings: Readonly<Record<string, unknown>>): string[] {
  if (settings['JARI_TLS_CERT'] || settings['JARI_PLAIN_TEXT'] === 'allowed') return [];
  return Object.keys(settings)
    .filter((name) => name.endsWith('_ADDR') && settings[name] && !isNear(String(settings[name])))
    .map(
      (name) =>
        `${name} is called without encryption: give JARI_TLS_CERT, or set JARI_PLAIN_TEXT=allowed if the network encrypts`,
    );
}

/** Where it listens without encryption beyond this machine. */
const plainListener = (settings: Readonly<Record<string, unknown>>, name: string): string[] =>
  settings['JARI_TLS_CERT'] || settings['JARI_PLAIN_TEXT'] === 'allowed' || loopback.test(String(settings[name] ?? ''))
    ? []
    : [
        `${name}=${String(settings[name] ?? '')} listens without encryption beyond this machine: give JARI_TLS_CERT, or set JARI_PLAIN_TEXT=allowed if the network encrypts`,
      ];

/** The same for the process that serves the sign-in pages behind Envoy. */
export const signInProblems = (settings: Readonly<Record<string, unknown>>): string[] => [
  ...new Set([
    ...tokenProblems(settings),
    ...publicUrlProblems(settings),
    ...unencryptedCalls(settings),
    ...plainListener(settings, 'WEB_HOST'),
  ]),
];

/** Charges of a test key or a test card move no money, and neither does a stand-in for Stripe. */
const stripeProblems = (text: (name: string) => string): string[] => [
  ...(/^[a-z]+_test_/.test(text('STRIPE_API_KEY'))
    ? ['STRIPE_API_KEY is a test key: production needs a live one (sk_live_…, rk_live_…)']
    : []),
  ...(text('STRIPE_PAYMENT_METHOD').startsWith('pm_card_')
    ? [`STRIPE_PAYMENT_METHOD=${text('STRIPE_PAYMENT_METHOD')} is a test card: name a payment method of the account`]
    : []),
  ...(text('STRIPE_API_URL') && !/^https:/i.test(text('STRIPE_API_URL'))
    ? ['STRIPE_API_URL is not encrypted: production needs https://, or none for the URL of Stripe itself']
    : []),
];

/** Whom the tokens come from. */
function tokenProblems(settings: Readonly<Record<string, unknown>>): string[] {
  const isIdentity = 'JARI_KEY_DAYS' in settings;
  const byIdentity = isIdentity || Boolean(settings['JARI_IDENTITY_JWKS_URL']);
  const byProvider = Boolean(settings['JARI_JWKS_URL']);
  return [
    ...(byProvider || byIdentity
      ? []
      : [
          'JARI_JWKS_URL is missing: there is no development key in production. Give it, or JARI_IDENTITY_JWKS_URL for the keys of identity',
        ]),
    ...((byProvider || !byIdentity) && (settings['JARI_ISSUER'] || developmentIssuer) === developmentIssuer
      ? ['JARI_ISSUER is missing: the issuer of the tokens']
      : []),
    ...(byIdentity ? publicUrlProblems(settings) : []),
    // Whoever can change these keys can be anybody.
    ...['JARI_JWKS_URL', 'JARI_IDENTITY_JWKS_URL'].flatMap((name) => unencryptedUrl(settings, name)),
  ];
}

/** What whoever serves people needs, Envoy or the process itself. */
function gatewayProblems(settings: Readonly<Record<string, unknown>>): string[] {
  return [
    ...publicUrlProblems(settings),
    ...(settings['JARI_HOSTS'] ? [] : ['JARI_HOSTS is missing: the host names that the gateway serves']),
  ];
}

const publicUrlProblems = (settings: Readonly<Record<string, unknown>>): string[] =>
  String(settings['JARI_PUBLIC_URL'] ?? '').startsWith('https://')
    ? []
    : ['JARI_PUBLIC_URL is missing: where people reach the gateway, by https'];

/** The same for Envoy's configuration, by the environment that it is made from. `isLocal`: it is called, and calls, on this machine only. */
export function envoyProblems(env: NodeJS.ProcessEnv, isLocal: boolean): string[] {
  const isPlainAllowed = isLocal || env.JARI_PLAIN_TEXT === 'allowed';
  const remedy = 'or set JARI_PLAIN_TEXT=allowed if the network encrypts';
  const problems = [
    ...tokenProblems(env),
    ...gatewayProblems(env),
    ...(isPlainAllowed || env.JARI_GATEWAY_CERT
      ? []
      : [`JARI_GATEWAY_CERT is missing: the gateway listens without encryption beyond this machine, ${remedy}`]),
    ...(isPlainAllowed || env.JARI_TLS_CERT
      ? []
      : [`JARI_TLS_CERT is missing: services are called without encryption, ${remedy}`]),
  ];
  return [...new Set(problems)];
}

export function refuseUnfit(problems: readonly string[]): void {
  if (problems.length)
    throw new SettingsError(
      `these settings are not allowed in production:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
}
