import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Instant } from '#kernel/time.ts';
import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { inputFor, onCommand, subscriptionsOf } from '#adapters/service/service.ts';
import * as proto from '#proto/jari/payout/v1/messages.ts';
import type { PayoutAccount } from '../account.ts';
import type { Payout } from '../payout.ts';
import type { AccountMessage, Message } from '../process.ts';
import type { storedPayout } from './store.ts';

/** Encodings of payout's events. */
export function encode(message: Message, { id, version: count }: StoredAggregate<Payout>): Outgoing {
  const { order, again } = message;
  const about = { order, version: BigInt(count), ...(again && { again }) };
  switch (message.type) {
    case 'PayoutHeld': {
      const { net, due, reason } = message;
      return event('jari.payout.v1.PayoutHeld', proto.PayoutHeld, id, {
        ...about,
        net: toProto(net),
        dueTime: new Date(due),
        reason,
      });
    }
    case 'PayoutCompleted':
      return event('jari.payout.v1.PayoutCompleted', proto.PayoutCompleted, id, {
        ...about,
        net: toProto(message.net),
      });
    case 'PayoutReversed':
      return event('jari.payout.v1.PayoutReversed', proto.PayoutReversed, id, about);
  }
}

export const encodeAccount = (
  { payeeId, changedAt }: AccountMessage,
  { id }: StoredAggregate<PayoutAccount>,
): Outgoing =>
  event('jari.payout.v1.PayoutAccountChanged', proto.PayoutAccountChanged, id, {
    payeeId,
    changeTime: new Date(changedAt),
  });

/** Commands to payout. `hold`: how long a released payout waits, in milliseconds, by payout's own clock. */
export const subscriptions = (payouts: typeof storedPayout, now: () => Instant, hold: number) =>
  subscriptionsOf(
    onCommand('jari.payout.v1.RequestPayout', proto.RequestPayout, ({ order, payeeId, gross, expectedTime }) => {
      const due = (expectedTime?.getTime() ?? now()) + hold;
      return [
        inputFor(payouts, order.id, { type: 'RequestPayout', order, payeeId, gross: fromProto(gross), due, at: now() }),
      ];
    }),
    onCommand('jari.payout.v1.ReleasePayout', proto.ReleasePayout, ({ order }) => [
      inputFor(payouts, order.id, { type: 'ReleasePayout', order, due: now() + hold }),
    ]),
    onCommand('jari.payout.v1.ReversePayout', proto.ReversePayout, ({ order, unlessSent }) => [
      inputFor(payouts, order.id, { type: 'ReversePayout', order, unlessSent, at: now() }),
    ]),
  );
