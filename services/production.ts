import { SettingsError } from '#adapters/settings/settings.ts';

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;
const isLocal = (url: string): boolean => loopback.test(new URL(url).hostname.replace(/^\[|\]$/g, ''));

/**
 * What production lacks, or must not have: all of it at once, a line for each. Services that do not read a setting are not asked for it.
 */
export function productionProblems(settings: Readonly<Record<string, unknown>>): string[] {
  const text = (name: string): string => String(settings[name] ?? '');
  const needs = (name: string, why: string): string[] => (name in settings && !text(name) ? [`${name} is missing: ${why}`] : []);
  const isPlainAllowed = text('JARI_PLAIN_TEXT') === 'allowed';
  const plain = (name: string, isPlain: (url: string) => boolean, instead: string): string[] => {
    const url = text(name);
    return url && !isPlainAllowed && isPlain(url) && !isLocal(url) ? [`${name} is not encrypted: use ${instead}, or set JARI_PLAIN_TEXT=allowed if the network encrypts`] : [];
  };
  const knownPassword = (name: string): string[] => {
    if (!text(name)) return [];
    const { username, password } = new URL(text(name));
    return password === '' || password === username || ['jari', 'guest', 'postgres', 'password'].includes(password) ? [`${name} has no password, or a well-known one`] : [];
  };
  return [
    ...needs('DATABASE_URL', 'production does not start an embedded database'),
    ...needs('RABBITMQ_URL', 'production needs RabbitMQ'),
    ...needs('JARI_JWKS_URL', 'there is no development key in production'),
    ...(text('JARI_ISSUER') === developmentIssuer ? ['JARI_ISSUER is missing: the issuer of the tokens'] : []),
    ...needs('JARI_SECRET', 'it encrypts personal data in the database'),
    ...(text('JARI_PAYMENT_PROVIDER') === 'sandbox' ? ['JARI_PAYMENT_PROVIDER is sandbox: production allows stripe only'] : []),
    ...(text('JARI_PAYMENT_PROVIDER') === 'stripe' ? needs('STRIPE_API_KEY', 'the secret key of the provider stripe') : []),
    ...needs('BANK_URL', 'the address of the bank'),
    ...needs('MESSENGER_URL', 'the address of the provider of messages'),
    ...knownPassword('DATABASE_URL'),
    ...knownPassword('RABBITMQ_URL'),
    ...plain('RABBITMQ_URL', (url) => !url.startsWith('amqps:'), 'amqps://'),
    ...plain('DATABASE_URL', (url) => !/[?&]sslmode=(require|verify-ca|verify-full)/.test(url), 'sslmode=verify-full'),
    ...plain('JARI_JWKS_URL', (url) => url.startsWith('http:'), 'https://'),
    ...(isPlainAllowed || loopback.test(text('GRPC_HOST')) ? [] : [`GRPC_HOST=${text('GRPC_HOST')} listens without encryption beyond this machine: set JARI_PLAIN_TEXT=allowed if the network encrypts`]),
  ];
}

/** The issuer of the development key's tokens. */
export const developmentIssuer = 'https://jari.local';

export function refuseUnfit(settings: Readonly<Record<string, unknown>>): void {
  const problems = productionProblems(settings);
  if (problems.length) throw new SettingsError(`these settings are not allowed in production:\n${problems.map((line) => `  ${line}`).join('\n')}`);
}
