import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Device, SignInServiceService } from '#proto/jari/identity/v1/identity.ts';
import { codeIn } from './code.ts';
import { bad, failureOf } from './failures.ts';
import { invitationPage, type Drawing, type Inviting, type Notice } from './pages.ts';
import { texts } from './texts.ts';
import type { Who } from './who.ts';

interface Kit {
  identity: Pick<GrpcClient<typeof SignInServiceService>['call'], 'getInvitation' | 'acceptInvitation'>;
  drawingFor(request: FastifyRequest, reply: FastifyReply): Drawing;
  queryOf(request: FastifyRequest): URLSearchParams;
  deviceOf(request: FastifyRequest): Device;
  current(request: FastifyRequest, reply: FastifyReply): Promise<Who | undefined>;
  isOwnForm(request: FastifyRequest): boolean;
  show(reply: FastifyReply, page: string, status?: number): FastifyReply;
}

/** The page that an invitation's link opens: who is signed in accepts it, and others sign in or register first, and are back. */
export function invitationPages(app: FastifyInstance, kit: Kit): void {
  const { identity, drawingFor, queryOf, deviceOf, current, isOwnForm, show } = kit;

  const drawn = (
    request: FastifyRequest,
    reply: FastifyReply,
    inviting: Inviting,
    { status = 200, notice }: { status?: number; notice?: Notice } = {},
  ): FastifyReply => {
    const code = codeIn(queryOf(request));
    const path = `/auth/invitation${code ? `?code=${code.text}` : ''}`;
    reply.header('referrer-policy', 'same-origin'); // the address is a secret; `no-referrer` would take the origin from the form
    return show(reply, invitationPage(drawingFor(request, reply), path, inviting, notice), status);
  };
  /** The invitation as it is to whoever looks. */
  async function opened(request: FastifyRequest, reply: FastifyReply): Promise<Inviting> {
    const code = codeIn(queryOf(request));
    const invitation = code && { invitationId: code.id, secret: code.secret };
    const found = invitation && (await identity.getInvitation(invitation).catch(unlessRefused));
    if (!found) return { state: 'over' };
    const who = await current(request, reply);
    return { state: 'open', role: found.role, name: who?.person.display_name };
  }

  app.get('/auth/invitation', async (request, reply) => {
    const inviting = await opened(request, reply);
    return drawn(request, reply, inviting, { status: inviting.state === 'over' ? 404 : 200 });
  });

  app.post('/auth/invitation', async (request, reply) => {
    const t = texts[drawingFor(request, reply).tongue];
    if (!isOwnForm(request))
      return drawn(request, reply, await opened(request, reply), { status: 403, notice: bad(t.stale, t.staleMore) });
    const [code, who] = [codeIn(queryOf(request)), await current(request, reply)];
    if (!code) return drawn(request, reply, { state: 'over' }, { status: 404 });
    if (!who) return drawn(request, reply, await opened(request, reply), { status: 401 });
    try {
      const { roles } = await identity.acceptInvitation({
        ...{ invitationId: code.id, secret: code.secret, personId: who.person.id },
        device: deviceOf(request),
      });
      await current(request, reply); // a token with the role
      return drawn(request, reply, { state: 'accepted', roles: roles.filter((role) => role !== 'customer') });
    } catch (error) {
      if (error instanceof RpcError && error.reason === 'INVITATION_OVER')
        return drawn(request, reply, { state: 'over' }, { status: 404 });
      const { status, notice } = failureOf(error, t, ({ reason }) =>
        reason === 'SUSPENDED'
          ? { status: 403, notice: bad(t.suspended, '') }
          : { status: 503, notice: bad(t.notNow, t.notNowMore) },
      );
      return drawn(request, reply, await opened(request, reply), { status, notice });
    }
  });
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof RpcError)) throw error;
}
