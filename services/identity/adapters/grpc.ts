import type { StoredAggregate } from '#kernel/aggregate.ts';
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
import type { Sealing } from '#adapters/sealing/sealing.ts';
import * as proto from '#proto/jari/identity/v1/identity.ts';
import type { Person, PersonRefusal, Profile } from '../person.ts';
import type { Emails, Ports } from '../ports.ts';
import type { Session, SessionRefusal } from '../session.ts';
import { changeProfile, endSession, rotateKeys } from '../usecases.ts';
import { publicJwk, type Signing } from './signing.ts';
import { publishedAt } from '../key-ring.ts';

const personRefusals: Record<PersonRefusal, RefusalStatus> = {
  'no-such-person': { code: 'NOT_FOUND', text: 'no such person' },
  'email-taken': { code: 'FAILED_PRECONDITION', text: 'another account has this e-mail address' },
};

const sessionRefusals: Record<SessionRefusal, RefusalStatus> = {
  'no-such-session': { code: 'NOT_FOUND', text: 'no such session' },
  'session-ended': { code: 'FAILED_PRECONDITION', text: 'the session has ended: sign in again' },
};

/** Everybody has their own account and sessions. */
export function identityRpc(
  ports: Ports,
  signing: Pick<Signing, 'publicKeys'>,
  sealing: Pick<Sealing, 'sealBytes' | 'openBytes'>,
): RpcService {
  const { people, sessions, emails, ages, now } = ports;
  return rpcService(proto.IdentityServiceService, {
    getMe: query(roles, async (_, { id }) => {
      const found = await people.get(id);
      if (!found) throw notFound('person');
      return toPerson(found, emails);
    }),
    updateMe: command(roles, {
      run: (request, { id }) => changeProfile(ports, id, changesIn(request)),
      answer: (after: StoredAggregate<Person>) => toPerson(after, emails),
      refusals: personRefusals,
      sealing,
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
    getKeys: openQuery(async () => ({ keys: (await signing.publicKeys()).keys as proto.Key[] })),
    rotateKeys: command(['admin'], {
      run: () => rotateKeys(ports),
      answer: ({ state }) => ({ keys: publishedAt(state, now(), ages).map(publicJwk) }),
      refusals: {},
    }),
  });
}

export const languageOf = (language: proto.Person_Language): 'KO' | 'EN' =>
  language === proto.Person_Language.EN ? 'EN' : 'KO';

export function toPerson(kept: StoredAggregate<Person>, { open }: Pick<Emails, 'open'>): proto.Person {
  const { id, state, createdAt, updatedAt } = kept;
  if (state.status === 'none') throw new Error(`person ${id} was answered before being registered`);
  const { name, language, email, roles: theirs } = state.account;
  return {
    id,
    status: proto.Person_Status.ACTIVE,
    displayName: name,
    language: proto.Person_Language[language],
    email: email ? open(email) : '',
    roles: [...theirs],
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
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
