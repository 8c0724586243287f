import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import {
  clientHeader,
  cookieIn,
  cookieNames,
  isFromOwnPage,
  isOwnOrigin,
  notFromOwnPage,
} from '#adapters/auth/cookies.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import type { GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { Person_Language, type SignedIn, type SignInServiceService } from '#proto/jari/identity/v1/identity.ts';
import { cookiesOf, sessionIn } from './cookies.ts';
import { bad, failureOf, good, type Failure } from './failures.ts';
import { invitationPages } from './invitation.ts';
import { signedInPage, signInPage, signUpPage, style, stylePath, type Drawing, type Notice } from './pages.ts';
import { recoveryPages } from './recovery.ts';
import { recoveryTexts } from './recovery-texts.ts';
import { ownPath } from './return-to.ts';
import { texts, pageLanguageOf } from './texts.ts';
import { whoIsSignedIn } from './who.ts';

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
        tongue: pageLanguageOf(query.get('lang') ?? undefined, request.headers['accept-language']),
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
    const current = whoIsSignedIn({ identity, verifier, names, signedIn, signedOut });
    /** A session that the browser had before is over: nobody goes on in it, whoever planted it. */
    const leave = async (request: FastifyRequest): Promise<void> => {
      const before = sessionIn(request, names);
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
      if (!isOwnForm(request)) return show(reply, signInPage(drawing, bad(t.stale, t.staleMore), typed), 403);
      try {
        const answer = await how();
        await leave(request);
        signedIn(reply, answer);
        cookies.set(reply, names.form, randomBytes(32).toString('base64url'));
        return reply.redirect(drawing.returnTo, 303);
      } catch (error) {
        const failure = failureOf(error, t, ({ reason, metadata }) =>
          reason === 'SUSPENDED'
            ? { status: 403, notice: bad(t.suspended, metadata['text'] ?? '') }
            : { status: 401, notice: bad(t.wrong, t.wrongMore(Number(metadata['left'] ?? 1))) },
        );
        return showFailure(request, reply, error, failure, (notice) => signInPage(drawing, notice, typed));
      }
    }

    /** That nobody can sign in is told to operators too. */
    const showFailure = (
      request: FastifyRequest,
      reply: FastifyReply,
      error: unknown,
      { status, notice, retryAfter }: Failure,
      page: (notice: Notice) => string,
    ): FastifyReply => {
      if (status === 503) request.log.warn({ err: error }, 'identity does not answer: nobody can sign in or register');
      if (retryAfter) reply.header('retry-after', retryAfter);
      return show(reply, page(notice), status);
    };

    app.get('/auth/login', async (request, reply) => {
      const drawing = drawingFor(request, reply);
      const who = await current(request, reply);
      const again = queryOf(request).has('again');
      if (who?.person && !again) return show(reply, signedInPage(drawing, who.person.display_name));
      const t = texts[drawing.tongue];
      const recovered = recoveryTexts[drawing.tongue];
      const notices: readonly [boolean, Notice][] = [
        [again, good(t.again, t.againMore)],
        [queryOf(request).has('registered'), good(t.registered, t.registeredMore)],
        [queryOf(request).has('changed'), good(recovered.changed, recovered.changedMore)],
      ];
      return show(reply, signInPage(drawing, notices.find(([isSo]) => isSo)?.[1]));
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
      const page = (notice: Notice): string => signUpPage(drawing, notice, { email, name });
      if (!isOwnForm(request)) return show(reply, page(bad(t.stale, t.staleMore)), 403);
      if (agreed !== 'yes') return show(reply, page(bad(t.malformed, t.malformedMore)), 400);
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
        const failure = failureOf(error, t, ({ reason }) => ({
          status: 400,
          notice: reason === 'PASSWORD_COMMON' ? bad(t.common, t.commonMore) : bad(t.malformed, t.malformedMore),
        }));
        return showFailure(request, reply, error, failure, page);
      }
      const query = new URLSearchParams({ return_to: drawing.returnTo, lang: drawing.tongue, registered: '' });
      return reply.redirect(`/auth/login?${query.toString()}`, 303);
    });

    app.post('/auth/logout', async (request, reply) => {
      const isScript = request.headers[clientHeader] !== undefined;
      if (!(isScript ? isFromOwnPage('POST', request.headers, publicUrl) : isOwnForm(request))) throw notOurs();
      await leave(request);
      signedOut(reply);
      return isScript ? reply.code(204).send() : reply.redirect(drawingFor(request, reply).returnTo, 303);
    });

    const kit = { identity, drawingFor, queryOf, deviceOf, isOwnForm, show };
    recoveryPages(app, { ...kit, showFailure, signedOut });
    invitationPages(app, { ...kit, current });

    app.get('/auth/session', async (request, reply) =>
      reply.send((await current(request, reply)) ?? { person: null, roles: [], expires: null }),
    );

    app.get(stylePath, async (_, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type('text/css; charset=utf-8').send(style),
    );

    app.setErrorHandler((error, request, reply) => {
      if (error instanceof RpcError && error.code === 'UNAVAILABLE')
        return reply.code(503).header('retry-after', 1).send({ code: 14, message: error.message, details: [] });
      if (error instanceof RpcError) return reply.code(403).send({ code: 7, message: error.message, details: [] });
      throw error;
    });
  };

const notOurs = (): RpcError => new RpcError('PERMISSION_DENIED', 'PERMISSION_DENIED', notFromOwnPage);

const same = (one: string, other: string): boolean => {
  const [sent, known] = [Buffer.from(one), Buffer.from(other)];
  return sent.length === known.length && timingSafeEqual(sent, known);
};
