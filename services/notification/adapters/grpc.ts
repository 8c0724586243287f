import type { Kept } from '#kernel/aggregate.ts';
import { minutes } from '#kernel/time.ts';
import { paged } from '#adapters/grpc/page.ts';
import { command, query, roles, rpcService, type RpcService } from '#adapters/grpc/rpc.ts';
import * as proto from '#proto/jari/notification/v1/notification.ts';
import type { Message } from '../message.ts';
import type { Ports } from '../ports.ts';
import { contactOf, type Profile } from '../profile.ts';
import { updateProfile } from '../usecases.ts';

/** Everybody has messages and a profile, the own. */
export const notificationRpc = (ports: Pick<Ports, 'messages' | 'profiles'>): RpcService =>
  rpcService(proto.NotificationServiceService, {
    listMessages: query(roles, async (request, { id }) => {
      const { items, nextPageToken } = await paged(request, (page) => ports.messages.list(id, page), toMessage);
      return { messages: items, nextPageToken };
    }),
    updateProfile: command(roles, {
      run: ({ language, email, phone }, { id }) =>
        updateProfile(ports, id, { language: language === proto.Profile_Language.EN ? 'EN' : 'KO', email, phone }),
      answer: toProfile,
      refusals: {},
      rate: { times: 30, withinMs: minutes(1) },
    }),
  });

const times = ({ createdAt, updatedAt }: Kept<unknown>) => ({ createTime: new Date(createdAt), updateTime: new Date(updatedAt) });

function toMessage(kept: Kept<Message>): proto.Message {
  const { id, state } = kept;
  if (state.status === 'none') throw new Error(`message ${id} was answered before it was written`);
  const { order, recipientId, language, text } = state.note;
  return {
    ...{ id, order, recipientId, text },
    status: proto.Message_Status[state.status.toUpperCase() as Uppercase<typeof state.status>],
    channel: proto.Message_Channel[state.channel],
    language: proto.Profile_Language[language],
    reason: state.status === 'undeliverable' ? state.reason : '',
    reasonText: '',
    ...times(kept),
  };
}

function toProfile(kept: Kept<Profile>): proto.Profile {
  const { language, email, phone } = contactOf(kept.state);
  return { id: kept.id, language: proto.Profile_Language[language], email, phone, ...times(kept) };
}
