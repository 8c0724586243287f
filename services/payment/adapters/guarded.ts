import type { Logger } from 'pino';
import type { LimitedWay } from '#adapters/resilience/party-limit.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import { callSandbox } from '#adapters/sandbox/client.ts';
import type { CardKeeper, Provider } from '../ports.ts';

/** Every call goes through the policy: time-out, bulkhead and breaker. The ledger is read at leisure, and past a breaker that is open. */
export function guarded(provider: Provider, policy: Pick<Policy, 'run'>, log: Logger): Provider {
  const through = async <Result>(what: string, key: string, call: () => Promise<Result>): Promise<Result> => {
    try {
      return await policy.run(call);
    } catch (error) {
      log.debug({ err: error, correlationId: key }, `payment: no answer from the provider to ${what}`);
      throw error;
    }
  };
  return {
    charge: (charge) => through('charge', charge.key, () => provider.charge(charge)),
    find: (key) => through('find', key, () => provider.find(key)),
    void: (charge) => through('void', charge.key, () => provider.void(charge)),
    refund: (refund) => through('refund', refund.key, () => provider.refund(refund)),
    ledger: (of) => provider.ledger(of),
  };
}

/** The same for cards, which also take turns. Whoever adds one waits for it, and hears that the provider does not answer. */
export const guardedKeeper = (keeper: CardKeeper, way: LimitedWay): CardKeeper => ({
  testTokens: keeper.testTokens,
  exchange: (token) =>
    callSandbox('provider', 'payment provider', async () => {
      await way.turn('aside');
      return way.run(() => keeper.exchange(token));
    }),
});
