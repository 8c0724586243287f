import type { StoredAggregate } from '#kernel/aggregate.ts';
import { minutes } from '#kernel/time.ts';
import { changesOf, given } from '#adapters/rpc/changes.ts';
import { notFound } from '#adapters/rpc/errors.ts';
import { paged } from '#adapters/rpc/page.ts';
import {
  command,
  openQuery,
  query,
  roles,
  rpcService,
  type Caller,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import { currentScope } from '#adapters/scope/scope.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import * as proto from '#proto/jari/identity/v1/identity.ts';
import type { AttemptsRefusal } from '../attempts.ts';
import { changePassword } from '../changing-password.ts';
import type { Invitation, InvitationRefusal } from '../invitation.ts';
import { invite, mayInvite, withdrawInvitation } from '../inviting.ts';
import type { Person, PersonRefusal, Profile, Role, StaffRole } from '../person.ts';
import type { Emails, Ports } from '../ports.ts';
import type { Session, SessionRefusal } from '../session.ts';
import { sendVerification, type VerificationRefusal } from '../recovering.ts';
import { become, changeProfile, endSession, restore, rotateKeys, setRoles, suspend } from '../usecases.ts';
import { forAdministrators } from './administrators.ts';
import { publicJwk, type Signing } from './signing.ts';
import { publishedAt } from '../key-ring.ts';

export const personRefusals: Record<PersonRefusal, RefusalStatus> = {
  'no-such-person': { code: 'NOT_FOUND', text: 'no such person' },
  'email-taken': { code: 'FAILED_PRECONDITION', text: 'another account has this e-mail address' },
  suspended: { code: 'FAILED_PRECONDITION', text: 'the account was suspended' },
  'own-account': { code: 'PERMISSION_DENIED', text: 'another administrator must change your account' },
  'last-admin': {
    code: 'FAILED_PRECONDITION',
    text: 'this person is the last administrator: make another one first',
  },
  'invitation-over': {
    code: 'FAILED_PRECONDITION',
    text: 'the invitation was accepted or withdrawn, is too old, or its administrator is one no longer',
  },
  'link-over': {
    code: 'FAILED_PRECONDITION',
    text: 'the link was used, is too old, or is not of the account as it is now: ask for another one',
  },
  'no-password': { code: 'FAILED_PRECONDITION', text: 'the account has no password' },
  'wrong-password': { code: 'FAILED_PRECONDITION', text: 'the current password is wrong' },
};

export const passwordRefusals: Record<'password-common' | AttemptsRefusal, RefusalStatus> = {
  'password-common': { code: 'FAILED_PRECONDITION', text: 'the password is among the most common ones' },
  'too-many-attempts': { code: 'RESOURCE_EXHAUSTED', text: 'too many attempts; try again later' },
};

const invitationRefusals: Record<InvitationRefusal, RefusalStatus> = {
  'no-such-invitation': { code: 'NOT_FOUND', text: 'no such invitation' },
  'invitation-accepted': {
    code: 'FAILED_PRECONDITION',
    text: 'somebody accepted the invitation: take the role away instead',
  },
};

const verificationRefusals: Record<VerificationRefusal, RefusalStatus> = {
  'no-such-person': personRefusals['no-such-person'],
  'nothing-to-verify': { code: 'FAILED_PRECONDITION', text: 'the e-mail address is verified, or there is none' },
};

const sessionRefusals: Record<SessionRefusal, RefusalStatus> = {
  'no-such-session': { code: 'NOT_FOUND', text: 'no such session' },
  'session-ended': { code: 'FAILED_PRECONDITION', text: 'the session has ended: sign in again' },
};

/** Everybody has their own account and sessions. */
export function identityRpc(
  ports: Ports,
  signing: Pick<Signing, 'publicKeys'>,
  sealing: Pick<Sealing, 'sealBytes' | 'openBytes' | 'digest'>,
): RpcService {
  const { people, sessions, invitations, links, emails, ages, now } = ports;
  const changesPerson = {
    answer: (after: StoredAggregate<Person>) => toPerson(after, emails),
    refusals: personRefusals,
    sealing,
  };
  const service = rpcService(proto.IdentityServiceService, {
    getMe: query(roles, async (_, { id }) => {
      const found = await people.get(id);
      if (!found) throw notFound('person');
      return toPerson(found, emails);
    }),
    updateMe: command(roles, {
      rate: { times: 60, withinMs: minutes(60) },
      run: (request, { id }) => changeProfile(ports, id, changesIn(request)),
      ...changesPerson,
    }),
    listSessions: query(roles, async (request, caller) => {
      const { items, nextPageToken } = await paged(
        request,
        (page) => sessions.list(caller.id, page),
        (kept) => toSession(kept, caller),
      );
      return { sessions: items.filter(({ expireTime }) => (expireTime?.getTime() ?? 0) > now()), nextPageToken };
    }),
    endSession: command(roles, {
      run: ({ sessionId }, { id }) => endSession(ports, sessionId, id),
      answer: (after: StoredAggregate<Session>) => toSession(after),
      refusals: sessionRefusals,
      sealing,
    }),
    sendVerification: command(roles, {
      rate: { times: 5, withinMs: minutes(60) },
      run: (_, { id }) => sendVerification(ports, id),
      answer: () => ({}),
      refusals: verificationRefusals,
    }),
    changePassword: command(roles, {
      rate: { times: 20, withinMs: minutes(60) },
      onRecord: true,
      hidden: sealing.digest,
      run: ({ currentPassword, newPassword }, { id, session = null }) =>
        changePassword(
          ports,
          id,
          { current: currentPassword, next: newPassword },
          { session, address: currentScope()?.clientAddress ?? '' },
        ),
      answer: () => ({}),
      refusals: { ...personRefusals, ...passwordRefusals },
    }),
    become: command(roles, {
      run: ({ role }, { id }) => become(ports, id, role === 'host' ? 'host' : 'seller'),
      ...changesPerson,
    }),
    listPeople: query(['admin'], async (request) => {
      const wanted = await wantedIn(request, ports);
      const { items, nextPageToken } = await paged(
        request,
        (page) => people.list(wanted, page),
        (kept) => toPerson(kept, emails),
      );
      return { people: items, nextPageToken };
    }),
    getPerson: query(['admin'], async ({ personId }) => {
      const found = await people.get(personId);
      if (!found) throw notFound('person');
      return toPerson(found, emails);
    }),
    setRoles: command(['admin'], {
      stepUp: true,
      run: ({ personId, roles: wanted }, { id }) => setRoles(ports, personId, wanted as Role[], id),
      ...changesPerson,
    }),
    suspend: command(['admin'], {
      stepUp: true,
      run: ({ personId, text }, { id }) => suspend(ports, personId, text, id),
      ...changesPerson,
    }),
    restore: command(['admin'], {
      stepUp: true,
      run: ({ personId }, { id }) => restore(ports, personId, id),
      ...changesPerson,
    }),
    createInvitation: command(['admin'], {
      stepUp: true,
      // Each sends a mail to an address that the caller types.
      rate: { times: 30, withinMs: minutes(60) },
      run: ({ email, role, language }, { id }) =>
        invite(ports, { email, role: role as StaffRole, language: languageOf(language) }, id),
      answer: (after) => ({ ...toInvitation(after, ports), link: links.linkOf(after.id) }),
      refusals: invitationRefusals,
      sealing,
    }),
    listInvitations: query(['admin'], async (request) => {
      const { items, nextPageToken } = await paged(request, async (page) =>
        Promise.all(
          (await invitations.list(page)).map(async (kept) =>
            toInvitation(kept, ports, {
              taker: await invitations.takenBy(kept.id),
              isBacked: kept.state.status !== 'open' || (await mayInvite(ports, kept.state.invited.by)),
            }),
          ),
        ),
      );
      return { invitations: items, nextPageToken };
    }),
    withdrawInvitation: command(['admin'], {
      run: ({ invitationId }) => withdrawInvitation(ports, invitationId),
      answer: (after) => toInvitation(after, ports),
      refusals: invitationRefusals,
      sealing,
    }),
    getKeys: openQuery(async () => ({ keys: (await signing.publicKeys()).keys as proto.Key[] })),
    rotateKeys: command(['admin'], {
      run: () => rotateKeys(ports),
      answer: ({ state }) => ({ keys: publishedAt(state, now(), ages).map(publicJwk) }),
      refusals: {},
    }),
  });
  return forAdministrators(service, people);
}

/** What is answered about an invitation: who accepted it is a claim, which is read along. */
export function toInvitation(
  { id, state, createdAt }: StoredAggregate<Invitation>,
  { emails, now }: Pick<Ports, 'emails' | 'now'>,
  { taker, isBacked = true }: { taker?: string | undefined; isBacked?: boolean } = {},
): proto.Invitation {
  if (state.status === 'none') throw new Error(`invitation ${id} was answered before it was made`);
  const { role, email, by, expires } = state.invited;
  const acceptedBy = taker === id ? undefined : taker;
  const open = isBacked && expires > now() ? 'OPEN' : 'EXPIRED';
  return {
    ...{ id, role, invitedBy: by, acceptedBy: acceptedBy ?? '', link: '' },
    status: proto.Invitation_Status[acceptedBy ? 'ACCEPTED' : state.status === 'withdrawn' ? 'WITHDRAWN' : open],
    email: emails.open({ sealed: email }),
    createTime: new Date(createdAt),
    expireTime: new Date(expires),
  };
}

export const languageOf = (language: proto.Person_Language): 'KO' | 'EN' =>
  language === proto.Person_Language.EN ? 'EN' : 'KO';

/** An address is sealed, so that it is found as a whole alone. */
async function wantedIn(
  { q, role }: proto.ListPeopleRequest,
  { people, emails, newId }: Pick<Ports, 'people' | 'emails' | 'newId'>,
): Promise<Parameters<Ports['people']['list']>[0]> {
  const ofRole = role ? { role: role as Role } : {};
  if (!q.includes('@')) return { ...ofRole, text: q };
  return { ...ofRole, id: (await people.holderOf(emails.sealed(q).digest)) ?? newId() };
}

export function toPerson(kept: StoredAggregate<Person>, { open }: Pick<Emails, 'open'>): proto.Person {
  const { id, state, createdAt, updatedAt } = kept;
  if (state.status === 'none') throw new Error(`person ${id} was answered before being registered`);
  const { name, language, email, roles: theirs } = state.account;
  return {
    id,
    status: proto.Person_Status[state.status === 'active' ? 'ACTIVE' : 'SUSPENDED'],
    displayName: name,
    language: proto.Person_Language[language],
    email: email ? open(email) : '',
    emailVerified: state.account.emailVerified,
    roles: [...theirs],
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
    suspensionText: state.status === 'suspended' ? state.suspension.text : '',
  };
}

function toSession({ id, state }: StoredAggregate<Session>, caller?: Caller): proto.Session {
  if (state.status === 'none') throw new Error(`session ${id} was answered before it was opened`);
  return {
    id,
    status: state.status === 'open' ? proto.Session_Status.OPEN : proto.Session_Status.ENDED,
    device: state.device.name,
    address: state.device.address,
    current: caller?.session === id,
    createTime: new Date(state.at),
    useTime: new Date(state.usedAt),
    expireTime: new Date(state.expires),
  };
}

const changesIn = ({ displayName, language, updateMask }: proto.UpdateMeRequest): Partial<Profile> =>
  changesOf<Profile>(updateMask, 'a person', {
    display_name: given(displayName, (name) => ({ name })),
    language: given(language, (wanted) => ({ language: languageOf(wanted) })),
  });
