import type { Updated } from '#kernel/aggregate.ts';
import type { CardKeeper, Wallets } from './ports.ts';
import { wallets as core, type Card, type Wallet, type WalletInput, type WalletRefusal } from './wallet.ts';

export interface CardPorts {
  wallets: Wallets;
  /** Undefined where the provider keeps no cards for us. */
  keeper: CardKeeper | undefined;
  newId(): string;
}

/** Why a token became no card. */
export type CardRefusal = WalletRefusal | 'unknown-token' | 'cards-not-kept';

const take = (
  { wallets }: Pick<CardPorts, 'wallets'>,
  customerId: string,
  input: WalletInput,
): Promise<Updated<Wallet, WalletRefusal>> => wallets.update(customerId, (state) => core.decide(state, input));

/** Adds the card that a token of the provider's page stands for (B5). */
export async function addCard(
  ports: CardPorts,
  customerId: string,
  token: string,
): Promise<Updated<Wallet, CardRefusal>> {
  if (!ports.keeper) return { accepted: false, refusal: 'cards-not-kept' };
  const card = await ports.keeper.exchange(token);
  if (!card) return { accepted: false, refusal: 'unknown-token' };
  return take(ports, customerId, { type: 'AddCard', card: { ...card, id: ports.newId() } });
}

export const removeCard = (
  ports: Pick<CardPorts, 'wallets'>,
  customerId: string,
  id: string,
): Promise<Updated<Wallet, WalletRefusal>> => take(ports, customerId, { type: 'RemoveCard', id });

export const setDefaultCard = (
  ports: Pick<CardPorts, 'wallets'>,
  customerId: string,
  id: string,
): Promise<Updated<Wallet, WalletRefusal>> => take(ports, customerId, { type: 'SetDefaultCard', id });

/** Gives who never had a card a sample one, which is charged like any other; in development only. */
export const giveSampleCard = (
  ports: Pick<CardPorts, 'wallets'>,
  customerId: string,
  card: Card,
): Promise<Updated<Wallet, WalletRefusal>> => take(ports, customerId, { type: 'GiveSampleCard', card });
