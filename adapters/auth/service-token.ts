import { readFile } from 'node:fs/promises';
import { Unavailable } from '#adapters/failures/failures.ts';
import { file } from '#adapters/settings/settings.ts';
import { idOf } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import { developmentKey, type SigningKey } from './keys.ts';
import { signed } from './token.ts';

/** What a service shows when it calls another; good for the next minutes. */
export type ServiceToken = () => Promise<string>;

/** For services that call others: where nobody believes the development key, something else signs the token. */
export const serviceTokenSetting = {
  JARI_SERVICE_TOKEN_FILE: file({
    default: undefined,
    requiredWhen: ({ JARI_JWKS_URL, JARI_IDENTITY_JWKS_URL, NODE_ENV }) =>
      Boolean(JARI_JWKS_URL) || (Boolean(JARI_IDENTITY_JWKS_URL) && NODE_ENV === 'production'),
    desc: 'File with the token that the service sends to services it calls; read for each call. Required with JARI_JWKS_URL. Empty: the development key signs one.',
  }),
};

/** The own token of the service of that name: from JARI_SERVICE_TOKEN_FILE, else of the development key. */
export const serviceToken = (
  name: string,
  { JARI_SERVICE_TOKEN_FILE: path }: Readonly<Record<string, unknown>>,
  now: () => Instant = () => Date.now(),
): ServiceToken => (path ? fromFile(String(path)) : selfSigned(name, developmentKey, now));

/** Read for each call: whoever keeps the file fresh replaces it when they like, and the newest counts at once. */
const fromFile =
  (path: string): ServiceToken =>
  async () => {
    const token = await readFile(path, 'utf8').catch((error: unknown) => {
      throw new Unavailable(`the service's own token cannot be read from ${path}`, { cause: error });
    });
    return token.trim();
  };

const lastsMs = 10 * 60_000;

/** Signed when first wanted, and anew for each half of its life: at any time it is good for as long again. */
export function selfSigned(
  name: string,
  signingKey: () => Promise<SigningKey>,
  now: () => Instant = () => Date.now(),
): ServiceToken {
  let token = '';
  let until = 0;
  return async () => {
    if (now() < until) return token;
    const [key, at] = [await signingKey(), now()];
    token = await issueServiceToken(name, key, new Date(at + lastsMs), new Date(at));
    until = at + lastsMs / 2;
    return token;
  };
}

/** A token that speaks of a service, and of nobody whom it works for. */
export const issueServiceToken = (
  name: string,
  key: SigningKey,
  lasts: string | Date = `${lastsMs / 1_000}s`,
  at = new Date(),
): Promise<string> => signed({ id: idOf('service', name), name, roles: ['service'] }, lasts, key, at);
