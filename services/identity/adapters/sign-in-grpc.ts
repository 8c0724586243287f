import { userId } from '#adapters/auth/token.ts';
import { notFound, RpcError } from '#adapters/rpc/errors.ts';
import { query, refused, rpcService, type Actor, type RpcService } from '#adapters/rpc/rpc.ts';
import type { Details } from '#kernel/decision.ts';
import * as proto from '#proto/jari/identity/v1/identity.ts';
import type { LinkKind } from '../account-link.ts';
import type { Ports } from '../ports.ts';
import { acceptInvitation, isInvited, openInvitation } from '../inviting.ts';
import {
  countLinkUse,
  requestPasswordReset,
  readLink,
  ownerOf,
  resetPassword,
  verifyEmail,
  type ResetRefusal,
} from '../recovering.ts';
import { samplePeople } from '../sample.ts';
import type { Device } from '../session.ts';
import {
  accountOf,
  openSession,
  renewSession,
  signIn,
  signOut,
  signUp,
  type Outcome,
  type SignedIn,
  type SignInRefusal,
  type SignUpRefusal,
} from '../usecases.ts';
import { languageOf, passwordRefusals, personRefusals, toInvitation, toPerson } from './grpc.ts';
import type { Signing } from './signing.ts';

const who = ['service'] as const;

/** For the server that renders the pages of sign-in. `development`: whether there are sample people. */
export function signInRpc(ports: Ports, signing: Pick<Signing, 'issue'>, development: boolean): RpcService {
  const answered = async ({ person, session, secret }: SignedIn): Promise<proto.SignedIn> => {
    const account = accountOf(person.state);
    if (!account || session.state.status === 'none') throw new Error(`session ${session.id} has no person`);
    const { token, expires } = await signing.issue({
      ...{ personId: person.id, account, sessionId: session.id, authTime: session.state.at },
    });
    return {
      person: toPerson(person, ports.emails),
      sessionId: session.id,
      sessionSecret: secret ?? '',
      sessionExpireTime: new Date(session.state.expires),
      accessToken: token,
      accessTokenExpireTime: new Date(expires),
    };
  };
  const answer = (outcome: Outcome<SignInRefusal | 'session-ended'>): Promise<proto.SignedIn> =>
    outcome.accepted ? answered(outcome.signedIn) : refuse(outcome.refusal, outcome.details);

  const countLink = async (device: proto.Device | undefined): Promise<void> => {
    done(await countLinkUse(ports, deviceOf(device)));
  };

  return rpcService(proto.SignInServiceService, {
    signUp: query(who, async ({ email, password, displayName, language, device }) => {
      const wish = { email, password, name: displayName, language: languageOf(language) };
      return done(await signUp(ports, wish, deviceOf(device)));
    }),
    signIn: query(who, async ({ email, password, device }) =>
      answer(await signIn(ports, { email, password }, deviceOf(device))),
    ),
    signInSample: query(who, async ({ name, device }) => {
      const isSample = development && samplePeople.some((each) => each.name === name);
      const found = isSample ? await ports.people.get(userId(name)) : undefined;
      if (!found) throw notFound('sample person');
      return answer(await openSession(ports, found, deviceOf(device)));
    }),
    renewSession: query(who, async ({ sessionId, sessionSecret }) =>
      answer(await renewSession(ports, sessionId, sessionSecret)),
    ),
    signOut: query(who, async ({ sessionId, sessionSecret }) => {
      await signOut(ports, sessionId, sessionSecret);
      return {};
    }),
    getPerson: query(who, async ({ personId }) => {
      const found = await ports.people.get(personId);
      if (!found) throw notFound('person');
      return toPerson(found, ports.emails);
    }),
    getInvitation: query(who, async ({ invitationId, secret }) => {
      const found = await openInvitation(ports, invitationId, secret);
      if (!found) throw notFound('invitation');
      return toInvitation(found, ports);
    }),
    acceptInvitation: query(
      who,
      async ({ personId, invitationId, secret }) => {
        const updated = await acceptInvitation(ports, personId, invitationId, secret);
        if (!updated.accepted) throw refused(updated.refusal, personRefusals[updated.refusal], updated.details);
        return toPerson(updated.after, ports.emails);
      },
      {
        count: ({ device }) => countLink(device),
        onBehalfOf: async ({ personId, device, ...code }) =>
          (await isInvited(ports, code.invitationId, code.secret)) ? actor(personId, device) : undefined,
      },
    ),
    forgotPassword: query(who, async ({ email, device }) =>
      done(await requestPasswordReset(ports, email, deviceOf(device))),
    ),
    getAccountLink: query(who, async ({ kind, device, ...code }) => {
      const looked = await readLink(ports, kindOf(kind), code, deviceOf(device));
      if (looked.accepted) return { kind, email: looked.email };
      if (looked.refusal === 'link-over') throw notFound('link');
      return refuse(looked.refusal, looked.details);
    }),
    resetPassword: query(who, async ({ device, ...wish }) => done(await resetPassword(ports, wish, deviceOf(device))), {
      count: ({ device }) => countLink(device),
      async onBehalfOf({ device, ...code }) {
        const id = await ownerOf(ports, 'reset', code);
        return id === undefined ? undefined : actor(id, device);
      },
    }),
    verifyEmail: query(who, async ({ device, ...code }) => done(await verifyEmail(ports, code, deviceOf(device)))),
  });
}

const kindOf = (kind: proto.AccountLink_Kind): LinkKind =>
  kind === proto.AccountLink_Kind.RESET ? 'reset' : 'verification';

const done = (
  outcome: { accepted: true } | { accepted: false; refusal: SignUpRefusal | ResetRefusal; details?: Details },
): Record<string, never> => (outcome.accepted ? {} : refuse(outcome.refusal, outcome.details));

const actor = (id: string, device: proto.Device | undefined): Actor => ({ id, address: deviceOf(device).address });

const deviceOf = (device: proto.Device | undefined): Device => ({
  name: device?.name ?? '',
  address: device?.address ?? '',
});

function refuse(refusal: SignInRefusal | SignUpRefusal | ResetRefusal | 'session-ended', details: Details = {}): never {
  switch (refusal) {
    case 'wrong-credentials':
      throw new RpcError('FAILED_PRECONDITION', 'WRONG_CREDENTIALS', 'the e-mail address or the password is wrong', {
        metadata: details,
      });
    case 'password-common':
    case 'too-many-attempts':
      throw refused(refusal, passwordRefusals[refusal], details);
    case 'suspended':
      throw new RpcError('FAILED_PRECONDITION', 'SUSPENDED', 'the account was suspended', { metadata: details });
    case 'link-over':
      throw refused('link-over', personRefusals['link-over']);
    case 'session-ended':
      throw new RpcError('FAILED_PRECONDITION', 'SESSION_ENDED', 'the session has ended: sign in again');
  }
}
