import {
  createLocalJWKSet,
  decodeJwt,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { validate as isUuid } from 'uuid';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Instant } from '#kernel/time.ts';
import { roles, type Caller, type Role } from '#adapters/rpc/rpc.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import type { Issuer } from './issuers.ts';

export interface Verifier {
  /** Who the token speaks of. Throws UNAUTHENTICATED for a token that is not valid, `Unavailable` when the keys cannot be fetched. */
  verify(token: string): Caller | Promise<Caller>;
}

/** Verifying costs as much as all the rest of a call, so good tokens are remembered: this many, and at most this long. */
const remembered = 10_000;
/** A key that was withdrawn is believed no longer than this. */
const rememberedMs = 5 * 60_000;

export interface VerifierOptions extends Issuer {
  /** Whose tokens are believed besides. */
  also?: readonly Issuer[];
  audience: string;
  algorithms?: string[];
  /** The time, which may differ by so many seconds from that of who signs. */
  now?: () => Instant;
  toleranceSeconds?: number;
}

export function createVerifier({
  jwks,
  issuer,
  also = [],
  audience,
  algorithms = ['ES256'],
  now = () => Date.now(),
  toleranceSeconds = 30,
}: VerifierOptions): Verifier {
  const issuers = [{ jwks, issuer }, ...also].map((each) => ({ issuer: each.issuer, keys: keysOf(each.jwks) }));
  const known = new Map<string, { caller: Caller; until: number }>();

  async function verified(token: string): Promise<Caller> {
    const payload = await believed(token).catch(refuse);
    const caller = callerOf(payload, Date.now() - now());
    if (known.size >= remembered) known.delete(known.keys().next().value!);
    known.set(token, { caller, until: Math.min(payload.exp! * 1_000, now() + rememberedMs) });
    return caller;
  }

  /** Two issuers may have one name, as in development: then either's keys do. */
  async function believed(token: string): Promise<JWTPayload> {
    const named = issuers.filter(({ issuer: name }) => name === issuerIn(token));
    let first: unknown;
    for (const each of named.length ? named : issuers.slice(0, 1)) {
      try {
        const { payload } = await jwtVerify(token, each.keys, {
          algorithms,
          issuer: each.issuer,
          audience,
          clockTolerance: toleranceSeconds,
          currentDate: new Date(now()),
          requiredClaims: ['exp', 'sub'],
        });
        return payload;
      } catch (error) {
        // That its key is another's, or cannot be fetched, says less than what is wrong with it.
        if (!first || first instanceof errors.JWKSNoMatchingKey) first = error;
      }
    }
    throw first;
  }
  return {
    verify(token) {
      const hit = known.get(token);
      if (!hit) return verified(token);
      known.delete(token);
      if (hit.until <= now()) return verified(token);
      known.set(token, hit); // last in the row is the last to be forgotten
      return hit.caller;
    },
  };
}

const keysOf = (jwks: Issuer['jwks']): JWTVerifyGetKey =>
  jwks instanceof URL ? remoteKeys(jwks) : typeof jwks === 'function' ? nearKeys(jwks) : createLocalJWKSet(jwks);

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

const everyRole: readonly Role[] = [...roles, 'service'];

/** Streams end with their token by the process's own clock, which is so far ahead; sign-ins are recent by it. */
function callerOf(payload: JWTPayload, aheadMs: number): Caller {
  const { sub, roles: claimed, exp, iat, sid, auth_time: authTime, email_verified: emailVerified } = payload;
  if (!isUuid(sub)) throw unauthenticated('the access token has a sub that is not a UUID');
  return {
    id: String(sub).toLowerCase(), // as ids in requests are kept: the same person in either case
    roles: Array.isArray(claimed) ? everyRole.filter((role) => claimed.includes(role)) : [],
    expires: exp! * 1_000 + aheadMs,
    ...(iat !== undefined && { issued: iat * 1_000 }),
    ...(typeof sid === 'string' && { session: sid }),
    ...(typeof authTime === 'number' && { authTime: authTime * 1_000 + aheadMs }),
    ...(emailVerified !== undefined && { emailVerified: String(emailVerified) === 'true' }), // some providers send it as text
  };
}

/**
 * Keys once fetched stay good while the identity provider is down. A token signed with a key that is not known makes it fetch again,
 * but at most once a second, whatever people send; and it looks by itself for keys that were withdrawn.
 */
function remoteKeys(url: URL): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url, { cooldownDuration: 1_000, cacheMaxAge: Infinity });
  setInterval(() => remote.reload().catch(() => undefined), rememberedMs).unref();
  return (header, token) =>
    remote(header, token).catch((error: unknown) => {
      if (
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported
      )
        throw error;
      throw new Unavailable('the keys that tokens are verified with cannot be fetched', { cause: error });
    });
}

/** Keys of this very process: read again once in a while, and for a key that is not known at most once a second. */
function nearKeys(read: () => Promise<JSONWebKeySet>): JWTVerifyGetKey {
  let known: { keys: JWTVerifyGetKey; at: number } | undefined;
  const renew = async (): Promise<JWTVerifyGetKey> => {
    try {
      known = { keys: createLocalJWKSet(await read()), at: Date.now() };
    } catch (error) {
      if (!known) throw new Unavailable('the keys that tokens are verified with cannot be read', { cause: error });
    }
    return known.keys;
  };
  return async (header, token) => {
    const isFresh = known && Date.now() - known.at < rememberedMs;
    const keys = isFresh && known ? known.keys : await renew();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || Date.now() - (known?.at ?? 0) < 1_000) throw error;
      return (await renew())(header, token);
    }
  };
}

function refuse(error: unknown): never {
  if (error instanceof Unavailable) throw error;
  if (error instanceof errors.JWTExpired || (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf'))
    throw outOfTime(error);
  throw unauthenticated(whatIsWrong(error));
}

function whatIsWrong(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the access token has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'nbf'
      ? 'the access token is not valid yet'
      : `the access token has a wrong or missing claim: ${error.claim}`;
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'the access token is signed by an algorithm that is not allowed';
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return 'the access token is not signed by a known key';
  return 'the access token is not a valid JWT';
}

/** A service hears that it is the time, so that it can tell a clock that is wrong from a token that is worn out. */
function outOfTime(error: errors.JWTExpired | errors.JWTClaimValidationFailed): RpcError {
  const { payload } = error;
  const isService = Array.isArray(payload['roles']) && payload['roles'].includes('service');
  return isService
    ? new RpcError('UNAUTHENTICATED', 'TOKEN_OUT_OF_TIME', whatIsWrong(error))
    : unauthenticated(whatIsWrong(error));
}

const unauthenticated = (why: string): RpcError => new RpcError('UNAUTHENTICATED', 'UNAUTHENTICATED', why);
