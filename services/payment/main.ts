import { num, str } from 'envalid';
import { newId } from '#kernel/ids.ts';
import { minutes, seconds } from '#kernel/time.ts';
import { rateCount, type Rate } from '#adapters/rpc/rate.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { limited, partyLimit } from '#adapters/resilience/party-limit.ts';
import { policy, type Policy } from '#adapters/resilience/policy.ts';
import { perSecond, times } from '#adapters/settings/settings.ts';
import { loggedAlarms } from './adapters/alarms.ts';
import { paymentRpc } from './adapters/grpc.ts';
import { cardsRpc } from './adapters/cards-grpc.ts';
import { guarded, guardedKeeper } from './adapters/guarded.ts';
import { subscriptions } from './adapters/messages.ts';
import { openProvider } from './adapters/open-provider.ts';
import { reconciling } from './adapters/reconciling.ts';
import { giveSampleCards, sampleCard } from './adapters/sample.ts';
import { sandboxRpc } from './adapters/sandbox-grpc.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmBooks, mikroOrmPayments, mikroOrmWallets, storedPayment } from './adapters/store.ts';
import { findCardIn, type CardPorts } from './cards.ts';
import type { Ports } from './ports.ts';
import { attempt, settle } from './usecases.ts';

/** Charges of one payer that may be declined, by each process. Beyond them no card is tried. */
const declinesOfOne: Rate = { times: 20, withinMs: minutes(10) };

/** Payment (결제): charges and refunds through a payment provider, once each, whatever fails on the way. */
export const service = serviceOf({
  name: 'payment',
  migrations,
  entities,
  settings: {
    JARI_PAYMENT_PROVIDER: str({ default: 'sandbox', choices: ['sandbox', 'stripe'], desc: 'Payment provider.' }),
    PAYMENT_PROVIDER_URL: str({
      default: '',
      desc: 'URL of the sandbox provider. Empty, in development: the service starts one.',
    }),
    JARI_PAYMENT_PROVIDER_PER_SECOND: perSecond({
      default: 0,
      desc: 'Most calls a second from one process to the payment provider. 0 is no limit until it answers 429.',
    }),
    JARI_PAYMENT_PROVIDER_RECOVERY: times({
      default: 2,
      desc: 'After an outage, the payment provider is called at most this many times as often as before it.',
    }),
    JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
    STRIPE_API_KEY: str({
      default: '',
      desc: 'Secret key of Stripe. Required with the provider stripe. In production a live one.',
    }),
    STRIPE_API_URL: str({
      default: '',
      desc: 'URL of Stripe, when it is not its own: stripe-mock. In production https:// only.',
    }),
    STRIPE_PAYMENT_METHOD: str({
      default: 'pm_card_visa',
      desc: 'Payment method that every charge uses. In production no test card.',
    }),
    JARI_RECONCILE_SECONDS: num({
      default: 3_600,
      desc: "Seconds between two comparisons of Jari's books with the provider's. One runs at the start, too. 0 never compares.",
    }),
    JARI_UNKNOWN_CHARGE_SECONDS: num({
      default: 86_400,
      desc: 'Seconds after which payment gives back a charge that the provider knows and payment does not, as after a restore. 0 leaves it to people.',
    }),
  },
  plug(outside) {
    const { store, settings, log, now, development } = outside;
    const { provider, cardKeeper, sandbox, ready, close } = openProvider(outside);
    const wayTo = (name: string): Policy =>
      policy({
        name,
        timeoutMs: seconds(3),
        attempts: 1, // the timer asks again, with growing pauses; nothing else does
        breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
        bulkhead: { concurrent: 64, queued: 64 },
        onStateChange: (breaker) =>
          log.warn({ breaker }, `payment: the circuit breaker for the ${name} changed its state`),
      });
    const limit = partyLimit({
      name: 'payment-provider',
      perSecond: settings.JARI_PAYMENT_PROVIDER_PER_SECOND,
      recovery: settings.JARI_PAYMENT_PROVIDER_RECOVERY,
    });
    // Who waits for an answer does not stand in one line with what the clock sees to: that would be too late for them, and then be undone.
    const [later, atOnce] = [wayTo('payment-provider'), wayTo('payment-provider-at-once')];
    const adding = wayTo('payment-provider-cards');
    const [laterWay, atOnceWay] = [limited(later, limit), limited(atOnce, limit)];
    // Tokens that the provider chokes on say nothing of its charges; when it asks for a pause, all pause.
    const cardWay = limited(adding, { ...limit, answered() {}, failed() {} });
    const ports: Ports = {
      payments: mikroOrmPayments(store),
      declines: rateCount(declinesOfOne, now),
      provider: guarded(provider, laterWay, log),
      turn: (tries, calls) => laterWay.turn(tries ? 'again' : 'first', calls),
      now,
      random: Math.random,
      raise: loggedAlarms(log),
    };
    const atOncePorts: Ports = {
      ...ports,
      provider: guarded(provider, atOnceWay, log),
      turn: (_, calls) => atOnceWay.turn('customer', calls),
    };
    const sampled = development && sandbox !== undefined;
    const cards: CardPorts = {
      wallets: mikroOrmWallets(store),
      keeper: cardKeeper && guardedKeeper(cardKeeper, cardWay),
      newId,
      ...(sampled && { sampleCard: () => sampleCard(now()) }),
    };
    const findCard = findCardIn(cards);
    const reconciliation = reconciling(
      { ...ports, books: mikroOrmBooks(store) },
      { periodMs: seconds(settings.JARI_RECONCILE_SECONDS), patienceMs: seconds(settings.JARI_UNKNOWN_CHARGE_SECONDS) },
      log,
    );
    return {
      rpc: [
        paymentRpc(atOncePorts, findCard),
        cardsRpc(cards),
        ...(development && sandbox ? [sandboxRpc(sandbox)] : []),
      ],
      subscriptions: subscriptions(storedPayment, findCard),
      timers: {
        'payment/attempt': (id) => attempt(ports, id),
        'payment/settle': (id) => settle(ports, id),
      },
      breakers: [later, atOnce, adding],
      limits: [limit],
      async start() {
        await ready();
        if (sampled) await giveSampleCards(cards);
        reconciliation.start();
      },
      async stop() {
        reconciliation.stop();
        await close();
      },
    };
  },
});
