import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import {
  clientHeader,
  cookieIn,
  cookieNames,
  isHttps,
  isMeant,
  isOwnOrigin,
  notMeant,
} from '#adapters/auth/cookies.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import type { GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import {
  Person_Language,
  type Person,
  type SignedIn,
  type SignInServiceService,
} from '#proto/jari/identity/v1/identity.ts';
import { signedInPage, signInPage, signUpPage, style, stylePath, type Drawing, type Notice } from './pages.ts';
import { ownPath } from './return-to.ts';
import { texts, tongueOf } from './texts.ts';

export interface SignInOptions {
  /** Identity, as services call it. */
  identity: GrpcClient<typeof SignInServiceService>['call'];
  verifier: Verifier;
  /** Where people reach these pages; empty in development, where every address of the process does. */
  publicUrl: string;
  /** Whether sample people are offered. */
  development: boolean;
  /** Where a browser calls from. */
  addressOf(request: FastifyRequest): string;
}

type Form = Readonly<Record<string, string | undefined>>;

/** Nothing but our own style; nobody frames it, and forms go nowhere else. */
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const minute = 60_000;

/**
 * The pages of `/auth/`, and the cookies of browsers: a browser never sees a token but in a cookie that no script can read. It works
 * without JavaScript.
 */
export const signInPages =
  (options: SignInOptions): FastifyPluginAsync =>
  async (app) => {
    const { identity, verifier, publicUrl, development, addressOf } = options;
    const names = cookieNames(publicUrl);
    const cookies = cookiesOf(publicUrl);

    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 16_384 },
      (_, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
    );
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 16_384 }, (_, _body, done) => done(null, {}));
    app.addHook('onSend', async (_, reply) => {
      reply.header('x-frame-options', 'DENY');
    });

    const cookie = ({ headers }: FastifyRequest, name: string): string | undefined => cookieIn(headers.cookie, name);
    const sessionIn = (request: FastifyRequest): { sessionId: string; sessionSecret: string } | undefined => {
      const [, sessionId, sessionSecret] =
        /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(cookie(request, names.session) ?? '') ?? [];
      return sessionId && sessionSecret ? { sessionId, sessionSecret } : undefined;
    };
    const deviceOf = (request: FastifyRequest) => ({
      name: (request.headers['user-agent'] ?? '')
        .replace(/[^ -~]/g, '')
        .slice(0, 300)
        .trim(),
      address: addressOf(request).slice(0, 64),
    });
    const queryOf = (request: FastifyRequest): URLSearchParams =>
      new URLSearchParams(request.originalUrl.split('?').slice(1).join('?'));
    const drawingFor = (request: FastifyRequest, reply: FastifyReply): Drawing => {
      const query = queryOf(request);
      const known = cookie(request, names.form);
      const formToken = known && /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url');
      if (formToken !== known) cookies.set(reply, names.form, formToken);
      return {
        tongue: tongueOf(query.get('lang') ?? undefined, request.headers['accept-language']),
        returnTo: ownPath(query.get('return_to') ?? undefined),
        formToken,
        development,
      };
    };
    const show = (reply: FastifyReply, page: string, status = 200): FastifyReply =>
      reply.code(status).header('content-security-policy', policy).type('text/html; charset=utf-8').send(page);

    /** A form of ours, sent by a page of ours. */
    const isOwnForm = (request: FastifyRequest): boolean => {
      const [sent, known] = [(request.body as Form | undefined)?.['form'] ?? '', cookie(request, names.form) ?? ''];
      return isOwnOrigin(request.headers, publicUrl) && known.length > 0 && same(sent, known);
    };

    function signedIn(reply: FastifyReply, answer: SignedIn): void {
      const token = { until: answer.accessTokenExpireTime };
      cookies.set(reply, names.token, answer.accessToken, token);
      if (answer.sessionSecret)
        cookies.set(reply, names.session, `${answer.sessionId}.${answer.sessionSecret}`, {
          until: answer.sessionExpireTime,
        });
    }
    const signedOut = (reply: FastifyReply): void => {
      cookies.clear(reply, names.token);
      cookies.clear(reply, names.session);
    };
    /** A session that the browser had before is over: nobody goes on in it, whoever planted it. */
    const leave = async (request: FastifyRequest): Promise<void> => {
      const before = sessionIn(request);
      if (before) await identity.signOut(before).catch(() => undefined);
    };

    /** Signs in by `how`; what goes wrong is said on the page. */
    async function enter(
      request: FastifyRequest,
      reply: FastifyReply,
      how: () => Promise<SignedIn>,
      typed: { email?: string } = {},
    ): Promise<FastifyReply> {
      const drawing = drawingFor(request, reply);
      const t = texts[drawing.tongue];
      if (!isOwnForm(request)) return show(reply, signInPage(drawing, stale(drawing), typed), 403);
      try {
        const answer = await how();
        await leave(request);
        signedIn(reply, answer);
        cookies.set(reply, names.form, randomBytes(32).toString('base64url'));
        return reply.redirect(drawing.returnTo, 303);
      } catch (error) {
        if (!(error instanceof RpcError)) {
          request.log.warn({ err: error }, 'nobody can sign in');
          return show(reply, signInPage(drawing, { kind: 'bad', title: t.down, text: t.downMore }, typed), 503);
        }
        if (error.reason === 'TOO_MANY_ATTEMPTS') {
          const seconds = Math.ceil((error.retryAfterMs ?? minute) / 1_000);
          const notice: Notice = { kind: 'bad', title: t.tooMany, text: t.tooManyMore(Math.ceil(seconds / 60)) };
          return show(reply.header('retry-after', seconds), signInPage(drawing, notice, typed), 429);
        }
        const left = Number(error.metadata['left'] ?? 1);
        return show(reply, signInPage(drawing, { kind: 'bad', title: t.wrong, text: t.wrongMore(left) }, typed), 401);
      }
    }

    app.get('/auth/login', async (request, reply) => {
      const drawing = drawingFor(request, reply);
      const who = await current(request, reply);
      if (who?.person) return show(reply, signedInPage(drawing, who.person.display_name));
      const t = texts[drawing.tongue];
      const notice: Notice | undefined = queryOf(request).has('registered')
        ? { kind: 'good', title: t.registered, text: t.registeredMore }
        : undefined;
      return show(reply, signInPage(drawing, notice));
    });

    app.post('/auth/login', async (request, reply) => {
      const { email = '', password = '' } = (request.body ?? {}) as Form;
      return enter(
        request,
        reply,
        () => identity.signIn({ email: email.trim(), password, device: deviceOf(request) }),
        { email },
      );
    });

    if (development)
      app.post('/auth/sample', async (request, reply) => {
        const { name = '' } = (request.body ?? {}) as Form;
        return enter(request, reply, () => identity.signInSample({ name, device: deviceOf(request) }));
      });

    app.get('/auth/register', async (request, reply) => show(reply, signUpPage(drawingFor(request, reply))));

    app.post('/auth/register', async (request, reply) => {
      const drawing = drawingFor(request, reply);
      const { email = '', password = '', name = '', agreed } = (request.body ?? {}) as Form;
      const t = texts[drawing.tongue];
      const again = (title: string, text: string, status: number): FastifyReply =>
        show(reply, signUpPage(drawing, { kind: 'bad', title, text }, { email, name }), status);
      if (!isOwnForm(request)) return again(t.stale, t.staleMore, 403);
      if (agreed !== 'yes') return again(t.malformed, t.malformedMore, 400);
      try {
        const language = drawing.tongue === 'ko' ? Person_Language.KO : Person_Language.EN;
        await identity.signUp({
          email: email.trim(),
          password,
          displayName: name,
          language,
          device: deviceOf(request),
        });
      } catch (error) {
        if (!(error instanceof RpcError)) {
          request.log.warn({ err: error }, 'nobody can register');
          return again(t.down, t.downMore, 503);
        }
        if (error.reason === 'TOO_MANY_ATTEMPTS') {
          const seconds = Math.ceil((error.retryAfterMs ?? minute) / 1_000);
          reply.header('retry-after', seconds);
          return again(t.tooMany, t.tooManyMore(Math.ceil(seconds / 60)), 429);
        }
        return error.reason === 'PASSWORD_COMMON'
          ? again(t.common, t.commonMore, 400)
          : again(t.malformed, t.malformedMore, 400);
      }
      const query = new URLSearchParams({ return_to: drawing.returnTo, lang: drawing.tongue, registered: '' });
      return reply.redirect(`/auth/login?${query.toString()}`, 303);
    });

    app.post('/auth/logout', async (request, reply) => {
      const isScript = request.headers[clientHeader] !== undefined;
      if (!(isScript ? isMeant('POST', request.headers, publicUrl) : isOwnForm(request))) throw notOurs();
      await leave(request);
      signedOut(reply);
      return isScript ? reply.code(204).send() : reply.redirect(drawingFor(request, reply).returnTo, 303);
    });

    app.get('/auth/session', async (request, reply) =>
      reply.send((await current(request, reply)) ?? { person: null, roles: [], expires: null }),
    );

    app.get(stylePath, async (_, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type('text/css; charset=utf-8').send(style),
    );

    /** Who is signed in. Renews the token when half of its life is over, so that who asks now and then stays signed in. */
    async function current(request: FastifyRequest, reply: FastifyReply): Promise<Who | undefined> {
      const token = cookie(request, names.token);
      const known = token === undefined ? undefined : await tokenOf(token);
      const session = sessionIn(request);
      if (known && (known.isYoung || !session)) {
        const person = await identity.getPerson({ personId: known.id }).catch(() => undefined);
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
    }

    /** Whom a token speaks of, if it is good. */
    async function tokenOf(token: string): Promise<Known | undefined> {
      const caller = await Promise.resolve(verifier.verify(token)).catch(() => undefined);
      if (!caller) return undefined;
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
      const [begun, ends] = [claims.iat * 1_000, claims.exp * 1_000];
      return {
        id: caller.id,
        roles: caller.roles,
        person: {
          id: caller.id,
          displayName: claims.name ?? '',
          language: claims.locale === 'en' ? Person_Language.EN : Person_Language.KO,
        },
        expires: new Date(ends),
        isYoung: Date.now() < begun + (ends - begun) / 2,
      };
    }
    app.setErrorHandler((error, request, reply) => {
      if (error instanceof RpcError && error.code === 'UNAVAILABLE')
        return reply.code(503).header('retry-after', 1).send({ code: 14, message: error.message, details: [] });
      if (error instanceof RpcError) return reply.code(403).send({ code: 7, message: error.message, details: [] });
      throw error;
    });
  };

interface Claims {
  iat: number;
  exp: number;
  name?: string;
  locale?: string;
}

type Shown = Pick<Person, 'id' | 'displayName' | 'language'>;

interface Known {
  id: string;
  roles: readonly string[];
  person: Shown;
  expires: Date;
  isYoung: boolean;
}

/** The answer of `GET /auth/session`. */
interface Who {
  person: { id: string; display_name: string; language: 'ko' | 'en' };
  roles: readonly string[];
  /** When the access token ends; asked again before, it is renewed. */
  expires: string | undefined;
}

const whoIs = ({ id, displayName, language }: Shown, roles: readonly string[], expires: Date | undefined): Who => ({
  person: { id, display_name: displayName, language: language === Person_Language.EN ? 'en' : 'ko' },
  roles,
  expires: expires?.toISOString(),
});

const stale = ({ tongue }: Drawing): Notice => ({
  kind: 'bad',
  title: texts[tongue].stale,
  text: texts[tongue].staleMore,
});

const notOurs = (): RpcError => new RpcError('PERMISSION_DENIED', 'PERMISSION_DENIED', notMeant);

const same = (one: string, other: string): boolean => {
  const [sent, known] = [Buffer.from(one), Buffer.from(other)];
  return sent.length === known.length && timingSafeEqual(sent, known);
};

interface Cookies {
  set(reply: FastifyReply, name: string, value: string, lasts?: { until: Date | undefined }): void;
  clear(reply: FastifyReply, name: string): void;
}

function cookiesOf(publicUrl: string): Cookies {
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isHttps(publicUrl) ? '; Secure' : ''}`;
  const add = (reply: FastifyReply, line: string): void => void reply.header('set-cookie', line);
  return {
    set(reply, name, value, lasts) {
      const age = lasts?.until && Math.max(0, Math.floor((lasts.until.getTime() - Date.now()) / 1_000));
      add(reply, `${name}=${value}; ${attributes}${age === undefined ? '' : `; Max-Age=${age}`}`);
    },
    clear: (reply, name) => add(reply, `${name}=; ${attributes}; Max-Age=0`),
  };
}
