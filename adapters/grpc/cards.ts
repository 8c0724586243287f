import { str } from 'envalid';
import type { CardRefusal, Cards } from '#kernel/card.ts';
import { serviceToken, serviceTokenSetting } from '#adapters/auth/service-token.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Outside } from '#adapters/service/service.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { addressOf } from './address.ts';
import type { Callable, GrpcClient } from './client.ts';
import { quickClient } from './quick-client.ts';

export const cardsSettings = {
  PAYMENT_ADDR: str({ default: '', desc: 'Address of payment, host:port of gRPC. Empty: this process.' }),
  ...serviceTokenSetting,
};

/** The method of payment's definition that is called. */
interface CardsDefinition {
  checkPaymentMethod: Callable & {
    responseStream: false;
    requestSerialize(request: { customerId: string; paymentMethodId?: string | undefined }): Buffer;
  };
}

/** Payment over gRPC, behind a circuit breaker: while it fails, orders are accepted at once without asking it. */
export function grpcCards(
  from: string,
  { checkPaymentMethod }: CardsDefinition,
  { settings, log, now }: Outside,
): Cards & { policies: readonly Policy[]; close(): void } {
  const client = quickClient({
    definition: { checkPaymentMethod },
    ...{ address: addressOf(settings, 'PAYMENT_ADDR'), from, to: 'payment', log, tls: tlsOf(settings) },
    token: serviceToken(from, settings, now),
  });
  return { policies: client.policies, close: () => client.close(), ...cardsOver(client.call) };
}

/** What payment's answers mean to an order. */
export const cardsOver = (call: GrpcClient<CardsDefinition>['call']): Cards => ({
  async refusal(customerId, paymentMethodId) {
    try {
      await call.checkPaymentMethod({ customerId, paymentMethodId });
      return undefined;
    } catch (error) {
      // Without an answer the order is accepted: a charge that finds no card ends it later.
      return error instanceof RpcError ? refusals[error.reason] : undefined;
    }
  },
});

const refusals: Readonly<Record<string, CardRefusal>> = {
  NO_PAYMENT_METHOD: 'no-payment-method',
  UNKNOWN_PAYMENT_METHOD: 'unknown-payment-method',
};
