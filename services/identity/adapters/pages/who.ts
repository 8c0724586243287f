import { decodeJwt } from 'jose';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieIn, type CookieNames } from '#adapters/auth/cookies.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import type { GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import {
  Person_Language,
  Person_Status,
  type Person,
  type SignedIn,
  type SignInServiceService,
} from '#proto/jari/identity/v1/identity.ts';
import { sessionIn } from './cookies.ts';

/** The answer of `GET /auth/session`. */
export interface Who {
  person: { id: string; display_name: string; language: 'ko' | 'en' };
  roles: readonly string[];
  /** When the access token ends; asked again before, it is renewed. */
  expires: string | undefined;
}

type Shown = Pick<Person, 'id' | 'displayName' | 'language'>;

/** Whom a good token speaks of. */
interface Known {
  id: string;
  roles: readonly string[];
  emailVerified: boolean | undefined;
  person: Shown;
  expires: Date;
  /** Less than half of its life is over. */
  isYoung: boolean;
}

/**
 * Says who is signed in. Renews the token when half of its life is over, so that somebody who returns now and then stays signed in, and when the
 * person's roles have changed or their e-mail address was verified.
 */
export function whoIsSignedIn({
  identity,
  verifier,
  names,
  signedIn,
  signedOut,
}: {
  identity: Pick<GrpcClient<typeof SignInServiceService>['call'], 'getPerson' | 'renewSession'>;
  verifier: Verifier;
  names: CookieNames;
  /** Hands the browser what it got by renewing. */
  signedIn(reply: FastifyReply, answer: SignedIn): void;
  /** Takes a session that is over from the browser. */
  signedOut(reply: FastifyReply): void;
}): (request: FastifyRequest, reply: FastifyReply) => Promise<Who | undefined> {
  async function tokenOf(token: string | undefined): Promise<Known | undefined> {
    const caller = token && (await Promise.resolve(verifier.verify(token)).catch(() => undefined));
    if (!token || !caller) return undefined;
    const { iat = 0, exp = 0, name, locale } = decodeJwt<{ name?: string; locale?: string }>(token);
    return {
      id: caller.id,
      roles: caller.roles,
      emailVerified: caller.emailVerified,
      person: {
        id: caller.id,
        displayName: name ?? '',
        language: locale === 'en' ? Person_Language.EN : Person_Language.KO,
      },
      expires: new Date(exp * 1_000),
      isYoung: Date.now() < ((iat + exp) / 2) * 1_000,
    };
  }

  return async (request, reply) => {
    const known = await tokenOf(cookieIn(request.headers.cookie, names.token));
    const session = sessionIn(request, names);
    if (known && (known.isYoung || !session)) {
      const person = await identity.getPerson({ personId: known.id }).catch(() => undefined);
      if (!session || !person || isAsInToken(person, known))
        return whoIs(person ?? known.person, known.roles, known.expires);
    }
    if (!session) return undefined;
    try {
      const answer = await identity.renewSession(session);
      signedIn(reply, answer);
      return answer.person && whoIs(answer.person, answer.person.roles, answer.accessTokenExpireTime);
    } catch (error) {
      if (error instanceof RpcError) {
        signedOut(reply);
        return undefined;
      }
      if (known) return whoIs(known.person, known.roles, known.expires); // signed in until the token ends
      throw new RpcError('UNAVAILABLE', 'UNAVAILABLE', 'sign-in is not available now; try again in a moment', {
        retryAfterMs: 1_000,
      });
    }
  };
}

const isAsInToken = ({ status, roles, emailVerified }: Person, known: Known): boolean =>
  status === Person_Status.ACTIVE &&
  (known.emailVerified ?? emailVerified) === emailVerified &&
  roles.length === known.roles.length &&
  known.roles.every((role) => roles.includes(role));

const whoIs = ({ id, displayName, language }: Shown, roles: readonly string[], expires: Date | undefined): Who => ({
  person: { id, display_name: displayName, language: language === Person_Language.EN ? 'en' : 'ko' },
  roles,
  expires: expires?.toISOString(),
});
