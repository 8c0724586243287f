import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose';
import { audience } from '#adapters/auth/token.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import type { Instant } from '#kernel/time.ts';
import { publishedAt, signingKeyAt, type Ages, type KeptKey, type KeyRing, type SigningKey } from '../key-ring.ts';
import type { Account } from '../person.ts';
import type { Keys } from '../ports.ts';

/** A new ES256 key; its private part is sealed. */
export const newSigningKey =
  ({ seal }: Pick<Sealing, 'seal'>) =>
  async (): Promise<SigningKey> => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    return { kid: await calculateJwkThumbprint(jwk), x: jwk.x ?? '', y: jwk.y ?? '', sealed: seal(jwk.d ?? '') };
  };

/** Whom an access token speaks of. */
export interface Subject {
  personId: string;
  account: Account;
  sessionId: string;
  /** When the person signed in. */
  authTime: Instant;
}

export interface Signing {
  issue(subject: Subject): Promise<{ token: string; expires: Instant }>;
  publicKeys(): Promise<JSONWebKeySet>;
}

/** The ring is read again after this time: another replica may have rotated it. Far less than the lead of a new key. */
const knownMs = 2_000;

export function signing({
  keys,
  sealing,
  ages,
  issuer,
  lastsMs,
  now,
}: {
  keys: Pick<Keys, 'get'>;
  sealing: Pick<Sealing, 'open'>;
  ages: Ages;
  issuer: string;
  /** How long a token is good. */
  lastsMs: number;
  now(): Instant;
}): Signing {
  let ring: { state: Promise<KeyRing>; at: Instant } | undefined;
  const privateKeys = new Map<string, Promise<CryptoKey>>();

  /** What was read before counts while the database cannot be reached. */
  async function current(): Promise<KeyRing> {
    if (ring && now() - ring.at < knownMs) return ring.state;
    const before = ring;
    const read = keys.get();
    ring = { state: before ? read.catch(() => before.state) : read, at: now() };
    if (!before) read.catch(() => (ring = undefined));
    return ring.state;
  }
  const privateKey = (key: KeptKey): Promise<CryptoKey> => {
    const known = privateKeys.get(key.kid) ?? imported(key, sealing);
    privateKeys.set(key.kid, known);
    return known;
  };

  return {
    async issue({ personId, account, sessionId, authTime }) {
      const at = now();
      const key = signingKeyAt(await current(), at);
      if (!key) throw new Error('there is no signing key');
      const expires = at + lastsMs;
      const token = await new SignJWT({
        ...{ name: account.name, locale: account.language.toLowerCase(), roles: account.roles },
        ...(account.email && { email_verified: account.emailVerified }),
        ...{ sid: sessionId, auth_time: Math.floor(authTime / 1_000) },
      })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
        .setSubject(personId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(new Date(at))
        .setExpirationTime(new Date(expires))
        .sign(await privateKey(key));
      return { token, expires: Math.floor(expires / 1_000) * 1_000 };
    },
    publicKeys: async () => ({ keys: publishedAt(await current(), now(), ages).map(publicJwk) }),
  };
}

export const publicJwk = ({ kid, x, y }: SigningKey) => ({
  kty: 'EC',
  crv: 'P-256',
  x,
  y,
  kid,
  alg: 'ES256',
  use: 'sig',
});

const imported = async ({ x, y, sealed }: SigningKey, { open }: Pick<Sealing, 'open'>): Promise<CryptoKey> =>
  (await importJWK({ kty: 'EC', crv: 'P-256', x, y, d: open(sealed) }, 'ES256')) as CryptoKey;
