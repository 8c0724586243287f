import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { str } from 'envalid';
import { file, SettingsError } from '#adapters/settings/settings.ts';

/** Read by everything that opens or takes a connection. The files are read when a process starts. */
export const tlsSettings = {
  JARI_TLS_CA: file({
    default: undefined,
    desc: 'File (PEM) of the certificate authorities of the database, the broker and other services. Empty: those that Node.js trusts.',
  }),
  JARI_TLS_CERT: file({
    default: undefined,
    desc: 'File (PEM) with the certificate chain of the process. With it, gRPC is encrypted, and the broker and the database are sent it when they ask for a certificate.',
  }),
  JARI_TLS_KEY: file({
    default: undefined,
    requiredWhen: ({ JARI_TLS_CERT }) => Boolean(JARI_TLS_CERT),
    desc: 'File (PEM) with the private key of JARI_TLS_CERT.',
  }),
  JARI_TLS_CLIENTS: str({
    choices: ['any', 'verified'],
    default: 'any',
    desc: 'Who may call over gRPC. any: everybody. verified: only callers with a certificate of an authority in JARI_TLS_CA (mTLS).',
  }),
};

/** How connections are encrypted. */
export interface Tls {
  /** Undefined: those that Node.js trusts. */
  authorities: Buffer | undefined;
  own: OwnCertificate | undefined;
  /** Whether gRPC callers must show a certificate of the authorities. */
  isMutual: boolean;
}

export interface OwnCertificate {
  cert: Buffer;
  key: Buffer;
  /** A name that the certificate is for. */
  name: string;
}

/** Throws `SettingsError` when the files do not fit together. */
export function tlsOf({
  JARI_TLS_CA: authority,
  JARI_TLS_CERT: cert,
  JARI_TLS_KEY: key,
  JARI_TLS_CLIENTS: clients,
}: Readonly<Record<string, unknown>>): Tls {
  const isMutual = clients === 'verified';
  if (isMutual && !(authority && cert))
    throw new SettingsError('JARI_TLS_CLIENTS=verified needs JARI_TLS_CA, JARI_TLS_CERT and JARI_TLS_KEY');
  return {
    authorities: authority ? readFileSync(String(authority)) : undefined,
    own: cert ? ownOf(String(cert), String(key)) : undefined,
    isMutual,
  };
}

function ownOf(certFile: string, keyFile: string): OwnCertificate {
  const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
  const read = <Read>(name: string, path: string, what: string, parse: () => Read): Read => {
    try {
      return parse();
    } catch (error) {
      throw new SettingsError(`${name}=${path} does not hold ${what} (PEM)`, { cause: error });
    }
  };
  const parsed = read('JARI_TLS_CERT', certFile, 'a certificate', () => new X509Certificate(cert));
  const secret = read('JARI_TLS_KEY', keyFile, 'a private key', () => createPrivateKey(key));
  if (!parsed.checkPrivateKey(secret))
    throw new SettingsError(`JARI_TLS_KEY=${keyFile} is not the key of the certificate in ${certFile}`);
  if (parsed.validToDate.getTime() < Date.now())
    throw new SettingsError(
      `the certificate in JARI_TLS_CERT=${certFile} ended on ${parsed.validToDate.toISOString()}`,
    );
  const [, name] = /(?:DNS|IP Address):([^,\s]+)/.exec(parsed.subjectAltName ?? '') ?? [];
  if (!name) throw new SettingsError(`the certificate in JARI_TLS_CERT=${certFile} names no host (subjectAltName)`);
  return { cert, key, name };
}

/** For a connection to somebody else. */
export const clientTls = ({ authorities, own }: Tls): SecureContextOptions => ({
  ...(authorities && { ca: authorities }),
  ...(own && { cert: own.cert, key: own.key }),
});

/** OpenSSL's reasons not to believe a certificate, as Node.js names them. */
const distrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

/** Why the other end's certificate is not believed; undefined where the error is another. */
export function certificateProblem(error: unknown): string | undefined {
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: string; cause?: unknown };
  if (typeof code === 'string' && distrusted.test(code))
    return `its certificate is not trusted: ${message} (JARI_TLS_CA names the authorities)`;
  return cause === undefined ? undefined : certificateProblem(cause);
}
