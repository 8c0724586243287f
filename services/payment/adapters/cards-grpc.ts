import type { StoredAggregate } from '#kernel/aggregate.ts';
import { minutes } from '#kernel/time.ts';
import { cardRefusals } from '#adapters/rpc/card-refusals.ts';
import { command, query, refused, roles, rpcService, type RefusalStatus, type RpcService } from '#adapters/rpc/rpc.ts';
import * as proto from '#proto/jari/payment/v1/payment_methods.ts';
import { addCard, findCardIn, removeCard, setDefaultCard, type CardPorts, type CardRefusal } from '../cards.ts';
import { cardsOf, defaultCard, isDefault, mostCards, type Card, type Wallet } from '../wallet.ts';

const refusals: Record<CardRefusal, RefusalStatus> = {
  'no-such-card': { code: 'NOT_FOUND', text: 'no such payment method' },
  'too-many-cards': {
    code: 'FAILED_PRECONDITION',
    text: `a customer has at most ${mostCards} cards; remove one first`,
  },
  'unknown-token': {
    code: 'INVALID_ARGUMENT',
    field: 'token',
    text: 'must be a token that the payment provider gave for a card',
  },
  'cards-not-kept': {
    code: 'FAILED_PRECONDITION',
    text: 'cards cannot be added: orders are charged without one at this payment provider',
  },
};

/** Everybody has their own cards. */
export const cardsRpc = (ports: CardPorts): RpcService =>
  rpcService(proto.PaymentMethodServiceService, {
    listPaymentMethods: query(roles, async (_, caller) => toList(ports, await ports.wallets.get(caller.id))),
    createPaymentMethod: command(roles, {
      run: ({ token }, caller) => addCard(ports, caller.id, token),
      answer: ({ state }: StoredAggregate<Wallet>) => toPaymentMethod(state, cardsOf(state).at(-1)),
      refusals,
      rate: { times: 30, withinMs: minutes(1) },
    }),
    deletePaymentMethod: command(roles, {
      run: ({ paymentMethodId }, caller) => removeCard(ports, caller.id, paymentMethodId),
      answer: ({ state }: StoredAggregate<Wallet>) => toList(ports, state),
      refusals,
    }),
    setDefaultPaymentMethod: command(roles, {
      run: ({ paymentMethodId }, caller) => setDefaultCard(ports, caller.id, paymentMethodId),
      answer: ({ state }: StoredAggregate<Wallet>) => toPaymentMethod(state, defaultCard(state)),
      refusals,
    }),
    checkPaymentMethod: query(['service'], async ({ customerId, paymentMethodId }) => {
      const { card, isCardChosen } = await findCardIn(ports)(customerId, paymentMethodId);
      if (card !== null) return {};
      const refusal = isCardChosen ? 'unknown-payment-method' : 'no-payment-method';
      throw refused(refusal, cardRefusals[refusal]);
    }),
  });

function toPaymentMethod(wallet: Wallet, card: Card | undefined): proto.PaymentMethod {
  if (!card) throw new Error('a card was answered that is not in the wallet');
  const { id, brand, last4, expires } = card;
  return { id, brand, last4, expires, default: isDefault(wallet, card) };
}

const toList = ({ keeper, sampleCard }: CardPorts, wallet: Wallet): proto.ListPaymentMethodsResponse => ({
  testTokens: [...(keeper?.testTokens ?? [])],
  firstOrderBringsCard: sampleCard !== undefined && wallet.status === 'none',
  paymentMethods: cardsOf(wallet)
    .map((card) => toPaymentMethod(wallet, card))
    .reverse(),
});
