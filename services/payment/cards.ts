import type { Updated } from '#kernel/aggregate.ts';
import type { CardKeeper, Wallets } from './ports.ts';
import type { Intent } from './payment.ts';
import {
  cardsOf,
  defaultCard,
  isFull,
  wallets as core,
  type Card,
  type Wallet,
  type WalletInput,
  type WalletRefusal,
} from './wallet.ts';

export interface CardPorts {
  wallets: Wallets;
  /** Undefined where the provider keeps no cards for us. */
  keeper: CardKeeper | undefined;
  newId(): string;
  /** What somebody who never had a card is given with their first payment; in development only. */
  sampleCard?(): Omit<Card, 'id'>;
}

/** Why a token became no card. */
export type CardRefusal = WalletRefusal | 'unknown-token' | 'cards-not-kept';

const updateWallet = (
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
  // A token can be exchanged once, and each exchange is a call to the provider.
  if (isFull(await ports.wallets.get(customerId))) return { accepted: false, refusal: 'too-many-cards' };
  const card = await ports.keeper.exchange(token);
  if (!card) return { accepted: false, refusal: 'unknown-token' };
  return updateWallet(ports, customerId, { type: 'AddCard', card: { ...card, id: ports.newId() } });
}

export const removeCard = (
  ports: Pick<CardPorts, 'wallets'>,
  customerId: string,
  id: string,
): Promise<Updated<Wallet, WalletRefusal>> => updateWallet(ports, customerId, { type: 'RemoveCard', id });

export const setDefaultCard = (
  ports: Pick<CardPorts, 'wallets'>,
  customerId: string,
  id: string,
): Promise<Updated<Wallet, WalletRefusal>> => updateWallet(ports, customerId, { type: 'SetDefaultCard', id });

/** What a payment says of the card that it is charged to. `cardId`: the chosen one; by default the default one. */
export type FindCard = (customerId: string, cardId?: string) => Promise<Pick<Intent, 'card' | 'isCardChosen'>>;

/** A customer pays with the card that they chose, or else with their default card (B5). */
export const findCardIn =
  (ports: CardPorts): FindCard =>
  async (customerId, cardId) => {
    if (!ports.keeper) return cardId ? { card: null, isCardChosen: true } : {};
    const wallet = await ports.wallets.get(customerId);
    if (cardId) return { card: cardsOf(wallet).find(({ id }) => id === cardId) ?? null, isCardChosen: true };
    return { card: defaultCard(wallet.status === 'none' ? await withSampleCard(ports, customerId) : wallet) ?? null };
  };

/** The wallet of somebody who never had a card. */
export async function withSampleCard(
  { wallets, newId, sampleCard }: Pick<CardPorts, 'wallets' | 'newId' | 'sampleCard'>,
  customerId: string,
): Promise<Wallet> {
  if (!sampleCard) return core.initial;
  const card = { ...sampleCard(), id: newId() };
  const given = await wallets.updateWithoutProof(customerId, (state) =>
    core.decide(state, { type: 'GiveSampleCard', card }),
  );
  return given.accepted ? given.after.state : core.initial;
}
