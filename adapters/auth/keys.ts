import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';

/** A private ES256 key with its `kid`. */
export type SigningKey = JWK & { kid: string };

const checkout = join(import.meta.dirname, '..', '..');

/** Where the development key lies: `JARI_KEYS`, or `.jari/keys` in the checkout. */
export const keysFolder = (): string => process.env.JARI_KEYS ?? join(checkout, '.jari', 'keys');

/**
 * The key that tokens are signed with outside of production, made on first use. Processes that start at once agree on one: the file
 * appears whole, or somebody else's is taken.
 */
export async function developmentKey(folder = keysFolder()): Promise<SigningKey> {
  if (process.env.NODE_ENV === 'production')
    throw new Error('there is no development key in production: tokens come from the identity provider');
  const file = join(folder, 'development.json');
  const kept = read(file);
  if (kept) return kept;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(aside, JSON.stringify(await newKey()), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(aside, file); // unlike a rename it never replaces a key that another process already signs with
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside);
  }
  const key = read(file);
  if (!key) throw new Error(`${file} vanished`);
  return key;
}

/** A new random key. */
export async function newKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, kid: await calculateJwkThumbprint(key), alg: 'ES256', use: 'sig' };
}

/** What verifiers may know of the keys: for `/.well-known/jwks.json` and for Envoy. */
export const publicJwks = (...keys: readonly SigningKey[]): JSONWebKeySet => ({
  keys: keys.map(({ d: _, ...open }) => open as JWK),
});

function read(file: string): SigningKey | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SigningKey;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

// By its code alone: under Jest a file system's error is of another realm, and no `instanceof Error` there.
const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;
