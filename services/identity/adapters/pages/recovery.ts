import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { AccountLink_Kind, type Device, type SignInServiceService } from '#proto/jari/identity/v1/identity.ts';
import { codeIn } from './code.ts';
import { bad, failureOf, good, type Failure } from './failures.ts';
import type { Drawing, Notice } from './pages.ts';
import { forgotPage, linkOverPage, resetPage, verifiedPage, verifyPage } from './recovery-pages.ts';
import { recoveryTexts } from './recovery-texts.ts';
import { texts } from './texts.ts';

type Called = 'forgotPassword' | 'getAccountLink' | 'resetPassword' | 'verifyEmail';

interface Code {
  linkId: string;
  secret: string;
  device: Device;
}

interface Kit {
  identity: Pick<GrpcClient<typeof SignInServiceService>['call'], Called>;
  drawingFor(request: FastifyRequest, reply: FastifyReply): Drawing;
  queryOf(request: FastifyRequest): URLSearchParams;
  deviceOf(request: FastifyRequest): Device;
  isOwnForm(request: FastifyRequest): boolean;
  show(reply: FastifyReply, page: string, status?: number): FastifyReply;
  showFailure(
    request: FastifyRequest,
    reply: FastifyReply,
    error: unknown,
    failure: Failure,
    page: (notice: Notice) => string,
  ): FastifyReply;
  /** Takes the session from the browser. */
  signedOut(reply: FastifyReply): void;
}

/** The pages for who forgot the password, and those of the links that are mailed to an account. */
export function recoveryPages(app: FastifyInstance, kit: Kit): void {
  const { identity, drawingFor, queryOf, deviceOf, isOwnForm, show, showFailure, signedOut } = kit;
  const formOf = (request: FastifyRequest) => (request.body ?? {}) as Readonly<Record<string, string | undefined>>;

  /** What failed is not sign-in. */
  const wordsOf = ({ tongue }: Drawing) => {
    const [{ downMore }, { notNow, tooMany, tooManyMore }] = [texts[tongue], recoveryTexts[tongue]];
    return { down: notNow, downMore, tooMany, tooManyMore };
  };

  app.get('/auth/forgot', async (request, reply) => {
    const drawing = drawingFor(request, reply);
    const r = recoveryTexts[drawing.tongue];
    return show(reply, forgotPage(drawing, queryOf(request).has('sent') ? good(r.sent, r.sentMore) : undefined));
  });

  app.post('/auth/forgot', async (request, reply) => {
    const drawing = drawingFor(request, reply);
    const [t, r] = [texts[drawing.tongue], recoveryTexts[drawing.tongue]];
    const { email = '' } = formOf(request);
    const page = (notice: Notice): string => forgotPage(drawing, notice, email);
    if (!isOwnForm(request)) return show(reply, page(bad(t.stale, t.staleMore)), 403);
    try {
      await identity.forgotPassword({ email: email.trim(), device: deviceOf(request) });
    } catch (error) {
      const failure = failureOf(error, wordsOf(drawing), () => ({ status: 400, notice: bad(t.malformed, r.badEmail) }));
      return showFailure(request, reply, error, failure, page);
    }
    const query = new URLSearchParams({ return_to: drawing.returnTo, lang: drawing.tongue, sent: '' });
    return reply.redirect(`/auth/forgot?${query.toString()}`, 303);
  });

  /** The two pages of links differ in what their button does. */
  function linkPages(
    which: 'reset' | 'verify',
    kind: AccountLink_Kind,
    drawn: typeof verifyPage,
    press: (code: Code, request: FastifyRequest, reply: FastifyReply, drawing: Drawing) => Promise<FastifyReply>,
  ): void {
    /** The page as it is for the link, as far as that is good, and how it is shown when it is not. */
    const opened = (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('referrer-policy', 'same-origin'); // the address is a secret; `no-referrer` would take the origin from the form
      const [drawing, read] = [drawingFor(request, reply), codeIn(queryOf(request))];
      const path = `/auth/${which}${read ? `?code=${read.text}` : ''}`;
      const code: Code | undefined = read && { linkId: read.id, secret: read.secret, device: deviceOf(request) };
      const link = async () => code && (await identity.getAccountLink({ kind, ...code }).catch(unlessNone));
      const over = (): FastifyReply => show(reply, linkOverPage(drawing, path, which), 404);
      const failed = (error: unknown, email?: string): FastifyReply => {
        const [t, r] = [texts[drawing.tongue], recoveryTexts[drawing.tongue]];
        const failure = failureOf(error, wordsOf(drawing), ({ reason }) => {
          if (reason === 'PASSWORD_COMMON') return { status: 400, notice: bad(t.common, t.commonMore) };
          return reason === 'INVALID_FIELDS'
            ? { status: 400, notice: bad(t.malformed, r.badPassword) }
            : { status: 503, notice: bad(r.notNow, t.notNowMore) };
        });
        const page = (notice: Notice): string =>
          email === undefined ? linkOverPage(drawing, path, which, notice) : drawn(drawing, path, email, notice);
        return showFailure(request, reply, error, failure, page);
      };
      return { drawing, path, code, link, over, failed };
    };

    app.get(`/auth/${which}`, async (request, reply) => {
      const { drawing, path, link, over, failed } = opened(request, reply);
      try {
        const found = await link();
        return found ? show(reply, drawn(drawing, path, found.email)) : over();
      } catch (error) {
        return failed(error);
      }
    });

    app.post(`/auth/${which}`, async (request, reply) => {
      const { drawing, path, code, link, over, failed } = opened(request, reply);
      const t = texts[drawing.tongue];
      if (!code) return over();
      if (!isOwnForm(request)) {
        const found = await link().catch(() => undefined);
        return found ? show(reply, drawn(drawing, path, found.email, bad(t.stale, t.staleMore)), 403) : over();
      }
      try {
        return await press(code, request, reply, drawing);
      } catch (error) {
        if (error instanceof RpcError && error.reason === 'LINK_OVER') return over();
        try {
          const found = await link();
          return found ? failed(error, found.email) : over();
        } catch {
          return failed(error);
        }
      }
    });
  }

  linkPages('reset', AccountLink_Kind.RESET, resetPage, async (code, request, reply, { returnTo, tongue }) => {
    await identity.resetPassword({ ...code, password: formOf(request)['password'] ?? '' });
    signedOut(reply);
    const query = new URLSearchParams({ return_to: returnTo, lang: tongue, changed: '' });
    return reply.redirect(`/auth/login?${query.toString()}`, 303);
  });

  linkPages('verify', AccountLink_Kind.VERIFICATION, verifyPage, async (code, _request, reply, drawing) => {
    await identity.verifyEmail(code);
    return show(reply, verifiedPage(drawing, '/auth/login'));
  });
}

function unlessNone(error: unknown): undefined {
  if (!(error instanceof RpcError && (error.code === 'NOT_FOUND' || error.code === 'INVALID_ARGUMENT'))) throw error;
}
