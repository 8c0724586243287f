import { num, str } from 'envalid';
import { days, seconds } from '#kernel/time.ts';
import { serviceToken, serviceTokenSetting } from '#adapters/auth/service-token.ts';
import { addressOf } from '#adapters/grpc/address.ts';
import { grpcClient } from '#adapters/grpc/client.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { limited, partyLimit } from '#adapters/resilience/party-limit.ts';
import { policy } from '#adapters/resilience/policy.ts';
import { outOfScope } from '#adapters/scope/scope.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { secretsOf, sealingSettings } from '#adapters/sealing/secrets.ts';
import { perSecond, seconds as inSeconds, times } from '#adapters/settings/settings.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { PaymentServiceService } from '#proto/jari/payment/v1/payment.ts';
import { loggedAlarms } from './adapters/alarms.ts';
import { payoutRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { openBank } from './adapters/open-bank.ts';
import { grpcPaidOrders } from './adapters/paid-orders.ts';
import { sealAccounts, toBank } from './adapters/sealed-account.ts';
import { sandboxRpc } from './adapters/sandbox-grpc.ts';
import { timeoutMs } from './adapters/sandbox.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmAccounts, mikroOrmPayouts, mikroOrmStatements, storedPayout } from './adapters/store.ts';
import { endHold, send, settle, wake } from './usecases.ts';

/** Payout (송금): the price less the commission to each seller, once, and the books of it. */
export const service = serviceOf({
  name: 'payout',
  migrations,
  entities,
  settings: {
    BANK_URL: str({ default: '', desc: 'URL of the sandbox bank. Empty, in development: the service starts one.' }),
    JARI_BANK_PER_SECOND: perSecond({
      default: 0,
      desc: 'Most calls a second from one process to the bank. 0 is no limit until it answers 429.',
    }),
    JARI_BANK_RECOVERY: times({
      default: 2,
      desc: 'After an outage, the bank is called at most this many times as often as before it.',
    }),
    ...sealingSettings,
    JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
    PAYMENT_ADDR: str({ default: '', desc: 'Address of payment, host:port of gRPC. Empty: this process.' }),
    ...serviceTokenSetting,
    JARI_PAYOUT_HOLD_SECONDS: inSeconds({
      default: 86_400,
      desc: 'Seconds between the fulfilment of an order, or its expected end if that is later, and its payout.',
    }),
    JARI_PAYOUT_ACCOUNT_WAIT_SECONDS: inSeconds({
      default: 86_400,
      desc: 'Seconds after a change of a payout account in which nothing is sent to it.',
    }),
    JARI_PAYOUT_TRANSFER_CEILING: num({
      default: 20_000_000,
      desc: 'Greatest transfer, in won, that is sent without an operator.',
    }),
    JARI_PAYOUT_DAILY_CEILING: num({
      default: 50_000_000,
      desc: 'Greatest sum to one seller within 24 hours, in won, that is sent without an operator.',
    }),
    JARI_PAYOUT_NEW_SELLER_CEILING: num({
      default: 5_000_000,
      desc: 'The same for a seller whose first transfer is less than 30 days old.',
    }),
  },
  plug(outside) {
    const { store, log, now, settings, development } = outside;
    const calls = policy({
      name: 'bank',
      timeoutMs,
      attempts: 1, // the timer asks again, with growing pauses; nothing else does
      breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
      bulkhead: { concurrent: 64, queued: 256 },
      onStateChange: (breaker) => log.warn({ breaker }, 'payout: the circuit breaker for the bank changed its state'),
    });
    const limit = partyLimit({
      name: 'bank',
      perSecond: settings.JARI_BANK_PER_SECOND,
      recovery: settings.JARI_BANK_RECOVERY,
    });
    const way = limited(calls, limit);
    const { bank, ready, close } = openBank(outside, way);
    const sealing = sealingFor('payout', secretsOf(outside));
    const toPayment = policy({
      name: 'payment',
      timeoutMs: seconds(3),
      attempts: 1, // the timer asks again
      breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
      bulkhead: { concurrent: 64, queued: 256 },
      onStateChange: (breaker) => log.warn({ breaker }, 'payout: the circuit breaker for payment changed its state'),
    });
    const payment = grpcClient({
      definition: PaymentServiceService,
      address: addressOf(settings, 'PAYMENT_ADDR'),
      policy: toPayment,
      token: serviceToken('payout', settings),
      tls: tlsOf(settings),
    });
    const ports = {
      payouts: mikroOrmPayouts(store, seconds(settings.JARI_PAYOUT_ACCOUNT_WAIT_SECONDS)),
      accounts: mikroOrmAccounts(store),
      bank: toBank(bank, sealing),
      turn: (tries: number, count: number) => way.turn(tries ? 'again' : 'first', count),
      paidOrders: grpcPaidOrders(payment.call),
      ceilings: {
        transfer: settings.JARI_PAYOUT_TRANSFER_CEILING,
        day: settings.JARI_PAYOUT_DAILY_CEILING,
        newSeller: settings.JARI_PAYOUT_NEW_SELLER_CEILING,
        newFor: days(30),
      },
      now,
      random: Math.random,
      raise: loggedAlarms(log),
    };
    return {
      rpc: [
        payoutRpc({ ...ports, statements: mikroOrmStatements(store), sealing }),
        ...(development ? [sandboxRpc(bank)] : []),
      ],
      subscriptions: subscriptions(storedPayout, now, seconds(settings.JARI_PAYOUT_HOLD_SECONDS)),
      timers: {
        'payout/due': (id, at) => endHold(ports, id, at),
        'payout/send': (id) => send(ports, id),
        'payout/settle': (id) => settle(ports, id),
        // Many payouts, a transaction for each: the timer goes when all are done, and to wake one twice does nothing.
        'payout_account/wake': (id) => outOfScope(() => wake(ports, id)),
      },
      breakers: [calls, toPayment],
      limits: [limit],
      async start() {
        await ready();
        const unreadable = await sealAccounts(store, sealing);
        if (unreadable)
          log.error(
            { unreadable },
            'payout: bank accounts are encrypted with a secret that is missing; add it to JARI_OLD_SECRETS',
          );
      },
      async stop() {
        payment.close();
        await close();
      },
    };
  },
});
