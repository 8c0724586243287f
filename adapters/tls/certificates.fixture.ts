import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files (PEM). */
export interface CertificateFiles {
  cert: string;
  key: string;
}

/** An authority of its own, for tests. */
export interface Authority {
  /** The authority's own certificate. */
  file: string;
  /** A certificate for `DNS:lodging`, `IP:127.0.0.1`. */
  issue(name: string, hosts: readonly string[]): CertificateFiles;
}

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];

export function authorityIn(dir: string, name: string): Authority {
  mkdirSync(dir, { recursive: true });
  const of = (whose: string): CertificateFiles => ({ cert: join(dir, `${whose}.crt`), key: join(dir, `${whose}.key`) });
  const own = of(name);
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    own.key,
    '-out',
    own.cert,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-addext',
    'keyUsage=critical,keyCertSign',
  );
  return {
    file: own.cert,
    issue(whose, hosts) {
      const files = of(whose);
      openssl(
        ...[
          'req',
          '-x509',
          ...newKey,
          '-CA',
          own.cert,
          '-CAkey',
          own.key,
          '-keyout',
          files.key,
          '-out',
          files.cert,
          '-days',
          '2',
          '-subj',
          `/CN=${whose}`,
        ],
        ...[
          '-addext',
          `subjectAltName=${hosts.join(',')}`,
          '-addext',
          'basicConstraints=critical,CA:FALSE',
          '-addext',
          'extendedKeyUsage=serverAuth,clientAuth',
        ],
      );
      return files;
    },
  };
}
