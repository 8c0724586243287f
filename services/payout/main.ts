import { str } from 'envalid';
import { seconds } from '#kernel/time.ts';
import type { Outside, Plugged, Service } from '#adapters/host/service.ts';
import { policy } from '#adapters/resilience/policy.ts';
import { outOfScope } from '#adapters/scope/scope.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { secretsOf, sealingSettings } from '#adapters/sealing/secrets.ts';
import { payoutRpc } from './adapters/grpc.ts';
import { hearing } from './adapters/messages.ts';
import { openBank } from './adapters/open-bank.ts';
import { sealAccounts, toBank } from './adapters/sealed-account.ts';
import { sandboxRpc } from './adapters/sandbox-grpc.ts';
import { timeoutMs } from './adapters/sandbox.ts';
import { migrations, mikroOrmAccounts, mikroOrmPayouts, mikroOrmStatements, storedPayout } from './adapters/store.ts';
import { send, settle, wake } from './usecases.ts';

/** Payout (송금): the price less the commission to each seller, once, and the books of it. */
export const service: Service = {
  name: 'payout',
  migrations,
  settings: {
    BANK_URL: str({ default: '', desc: 'Address of the sandbox bank; empty, in development, starts one within the service' }),
    ...sealingSettings,
    JARI_DATA: str({ default: '.jari', desc: 'Folder of everything that is kept' }),
  },
  plug(outside: Outside): Plugged {
    const { store, log, now, development } = outside;
    const calls = policy({
      name: 'bank',
      timeoutMs,
      attempts: 1, // the timer asks again, with growing pauses; nothing else does
      breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
      bulkhead: { concurrent: 64, queued: 256 },
      onStateChange: (breaker) => log.warn({ breaker }, 'payout: the way to the bank changed'),
    });
    const { bank, ready, close } = openBank(outside, calls);
    const sealing = sealingFor('payout', secretsOf(outside));
    const ports = { payouts: mikroOrmPayouts(store), accounts: mikroOrmAccounts(store), bank: toBank(bank, sealing), now, random: Math.random };
    return {
      rpc: [payoutRpc({ ...ports, statements: mikroOrmStatements(store), sealing }), ...(development ? [sandboxRpc(bank)] : [])],
      hears: hearing(storedPayout, now),
      timers: {
        'payout/send': (id) => send(ports, id),
        'payout/settle': (id) => settle(ports, id),
        // Many payouts, a transaction for each: the timer goes when all are done, and to wake one twice does nothing.
        'payout_account/wake': (id) => outOfScope(() => wake(ports, id)),
      },
      breakers: [calls],
      async start() {
        await ready();
        const unreadable = await sealAccounts(store, sealing);
        if (unreadable) log.error({ unreadable }, 'payout: bank accounts were sealed with a secret that is missing: name it in JARI_OLD_SECRETS');
      },
      stop: close,
    };
  },
};
