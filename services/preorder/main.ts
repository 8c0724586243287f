import { str } from 'envalid';
import { seconds } from '#kernel/time.ts';
import { serviceToken, serviceTokenSetting } from '#adapters/auth/service-token.ts';
import { addressOf } from '#adapters/grpc/address.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { askAgainSetting } from '#adapters/settings/ask-again.ts';
import { most, seconds as inSeconds } from '#adapters/settings/settings.ts';
import { preorderRpc } from './adapters/grpc.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { grpcInventory } from './adapters/inventory.ts';
import { subscriptions } from './adapters/messages.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmPreorders, storedPreorders } from './adapters/store.ts';
import { askAgain, expireAccepted, expirePreorder, giveUp } from './usecases.ts';

/** Preorder: customers' phone pre-orders (예약판매), and what each asks of inventory, assignment and delivery. */
export const service = serviceOf({
  name: 'preorder',
  migrations,
  entities,
  settings: {
    ...askAgainSetting,
    INVENTORY_ADDR: str({ default: '', desc: 'Address of inventory, host:port of gRPC. Empty: this process.' }),
    ...serviceTokenSetting,
    JARI_PREORDER_INTENT_SECONDS: inSeconds({
      default: 30,
      desc: 'Seconds after which reserved stock that belongs to no pre-order is released. Longer than any call takes.',
    }),
    JARI_PREORDER_PAYMENT_SECONDS: inSeconds({
      default: 604_800,
      desc: 'Seconds after which a pre-order that no dealership has accepted is cancelled. Its stock is free again.',
    }),
    JARI_PREORDER_RECEIPT_SECONDS: inSeconds({
      default: 1_209_600,
      desc: 'Seconds after its acceptance in which a pre-order is sent or picked up. After that it is cancelled, and its stock is free again.',
    }),
    JARI_UNPAID_PER_CUSTOMER: most({
      default: 10,
      desc: 'Most unpaid orders of a customer in one business. 0 is no limit.',
    }),
    JARI_PREORDER_PHONES_PER_CUSTOMER: most({
      default: 4,
      desc: 'Most phones of one product in the open pre-orders of a customer. 0 is no limit.',
    }),
  },
  plug({ store, settings, now, log }) {
    const inventory = grpcInventory(
      addressOf(settings, 'INVENTORY_ADDR'),
      serviceToken('preorder', settings, now),
      log,
      now,
      tlsOf(settings),
    );
    const preorders = storedPreorders({
      intent: seconds(settings.JARI_PREORDER_INTENT_SECONDS),
      acceptance: seconds(settings.JARI_PREORDER_PAYMENT_SECONDS),
      receipt: seconds(settings.JARI_PREORDER_RECEIPT_SECONDS),
      askAgain: seconds(settings.JARI_ASK_AGAIN_SECONDS),
    });
    const limits = { open: settings.JARI_UNPAID_PER_CUSTOMER, phones: settings.JARI_PREORDER_PHONES_PER_CUSTOMER };
    const ports = {
      preorders: mikroOrmPreorders(store, preorders, limits),
      inventory,
      acceptWithin: seconds(settings.JARI_PREORDER_PAYMENT_SECONDS),
    };
    return {
      rpc: [preorderRpc(ports, now)],
      orders: [
        {
          of: preorders,
          notFinal: ['requested', 'assigned', 'waiting-dealership', 'accepted', 'shipped', 'delivered', 'cancelling'],
        },
      ],
      subscriptions: subscriptions(preorders),
      timers: {
        'preorder/intent': (id) => giveUp(ports, id),
        'preorder/acceptance': (id) => expirePreorder(ports, id),
        'preorder/receipt': (id) => expireAccepted(ports, id),
        'preorder/ask-again': (id, at) => askAgain(ports, id, Math.max(at, now())),
      },
      breakers: inventory.policies,
      stop: async () => inventory.close(),
    };
  },
});
