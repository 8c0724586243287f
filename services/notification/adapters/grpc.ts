import type { StoredAggregate } from '#kernel/aggregate.ts';
import { minutes } from '#kernel/time.ts';
import { invalid, type FieldViolation } from '#adapters/rpc/errors.ts';
import { paged } from '#adapters/rpc/page.ts';
import { command, query, roles, refused, rpcService, type RefusalStatus, type RpcService } from '#adapters/rpc/rpc.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import * as proto from '#proto/jari/notification/v1/notification.ts';
import type { Message } from '../message.ts';
import type { Ports } from '../ports.ts';
import {
  contactIn,
  languageOf,
  mostAttempts,
  mostCodes,
  profile,
  type ContactKind,
  type Profile,
  type ProfileRefusal,
} from '../profile.ts';
import { deliveryReason } from '../texts-own.ts';
import { resendCode, updateProfile, verifyContact } from '../usecases.ts';
import { mailAddress } from './mail-address.ts';
import { isServed, mobileNumber } from './phone.ts';

type Needed = Pick<Ports, 'messages' | 'profiles' | 'takeCode' | 'secrets' | 'now'>;

/** Everybody has their own messages and profile. `countries`: calling codes of those that texts go to. */
export function notificationRpc(ports: Needed, sealing: Sealing, countries: readonly string[]): RpcService {
  const answersWithProfile = { answer: (kept: StoredAggregate<Profile>) => toProfile(kept, ports), refusals, sealing };
  return rpcService(proto.NotificationServiceService, {
    listMessages: query(roles, async (request, { id }) => {
      const { items, nextPageToken } = await paged(request, (page) => ports.messages.list(id, page), toMessage);
      return { messages: items, nextPageToken };
    }),
    getProfile: query(roles, async (_, { id }) =>
      toProfile((await ports.profiles.kept(id)) ?? { id, state: profile.initial }, ports),
    ),
    updateProfile: command(roles, {
      run: ({ language, email, phone }, { id }) => {
        const number = phone.trim() && mobileNumber(phone);
        const address = email.trim() && mailAddress(email);
        if (number === undefined || address === undefined)
          throw invalid(...(number === undefined ? [noMobile] : []), ...(address === undefined ? [noAddress] : []));
        if (number && !isServed(number, countries))
          throw refused('country-not-served', {
            ...{ code: 'INVALID_ARGUMENT', field: 'phone' },
            text: `must be a number of a country that texts are sent to: ${countries.map((code) => `+${code}`).join(', ')}`,
          });
        return updateProfile(ports, id, {
          language: language === proto.Profile_Language.EN ? 'EN' : 'KO',
          email: address,
          phone: number,
        });
      },
      ...answersWithProfile,
      rate: { times: 30, withinMs: minutes(1) },
    }),
    resendCode: command(roles, {
      run: ({ channel }, { id }) => resendCode(ports, id, kindOf(channel)),
      ...answersWithProfile,
    }),
    verifyContact: command(roles, {
      run: ({ channel, code }, { id }) => verifyContact(ports, id, kindOf(channel), code),
      ...answersWithProfile,
    }),
  });
}

const noMobile: FieldViolation = {
  field: 'phone',
  description: 'must be a mobile telephone number, such as 010-1234-5678 or +82 10 1234 5678',
};
const noAddress: FieldViolation = {
  field: 'email',
  description: 'must be an e-mail address, such as mina@example.com',
};

const refusals: Record<ProfileRefusal, RefusalStatus> = {
  'too-many-codes': {
    code: 'RESOURCE_EXHAUSTED',
    text: `a person and a contact get at most ${mostCodes} codes an hour, and one network a limited number; try again later`,
  },
  'codes-used-up': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'no more codes are sent by text today; try again tomorrow, or verify an e-mail address',
  },
  'nothing-to-verify': { code: 'FAILED_PRECONDITION', text: 'there is no contact of this kind to verify' },
  'code-expired': { code: 'FAILED_PRECONDITION', text: 'the code has expired: request another one' },
  'too-many-attempts': { code: 'FAILED_PRECONDITION', text: `${mostAttempts} codes were wrong: request another one` },
  'wrong-code': { code: 'FAILED_PRECONDITION', text: 'the code is wrong; enter the code that was sent last' },
};

const kindOf = (channel: proto.Profile_Contact): ContactKind =>
  channel === proto.Profile_Contact.EMAIL ? 'email' : 'phone';

const times = ({ createdAt, updatedAt }: Pick<StoredAggregate<unknown>, 'createdAt' | 'updatedAt'>) => ({
  createTime: new Date(createdAt),
  updateTime: new Date(updatedAt),
});

function toMessage(kept: StoredAggregate<Message>): proto.Message {
  const { id, state } = kept;
  if (state.status === 'none') throw new Error(`message ${id} was answered before it was written`);
  const { order, recipientId, language, text } = state.note;
  const reason = state.status === 'undeliverable' ? state.reason : '';
  return {
    ...{ id, order, recipientId, text },
    status: proto.Message_Status[state.status.toUpperCase() as Uppercase<typeof state.status>],
    channel: proto.Message_Channel[state.channel],
    language: proto.Profile_Language[language],
    ...{ reason, reasonText: deliveryReason(reason, language) },
    ...times(kept),
  };
}

/** The owner's profile, in full. Without one there is a default. */
function toProfile(
  kept: Pick<StoredAggregate<Profile>, 'id' | 'state'> & Partial<StoredAggregate<Profile>>,
  { secrets }: Pick<Ports, 'secrets'>,
): proto.Profile {
  const { id, state, createdAt, updatedAt } = kept;
  const [phone, email] = (['phone', 'email'] as const).map((kind) => contactIn(state, kind));
  return {
    ...{ id, language: proto.Profile_Language[languageOf(state)] },
    ...{ email: (email && secrets.open(email.sealed)) ?? '', phone: (phone && secrets.open(phone.sealed)) ?? '' },
    ...{ phoneVerified: phone?.verified ?? false, emailVerified: email?.verified ?? false },
    ...(createdAt !== undefined && updatedAt !== undefined
      ? times({ createdAt, updatedAt })
      : { createTime: undefined, updateTime: undefined }),
  };
}
