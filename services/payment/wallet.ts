import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';

/** A card (카드) as the provider describes it. Its number stays with the provider. */
export interface Card {
  id: string;
  /** By which the provider charges it. */
  reference: string;
  /** `VISA` */
  brand: string;
  last4: string;
  /** Its last month: `2029-12`. */
  expires: string;
}

/** A customer's cards, oldest first; the wallet's id is the customer's. One of the cards, if there are any, is the default. */
export type Wallet = { status: 'none' } | { status: 'kept'; cards: readonly Card[]; defaultId: string };

export type WalletInput =
  | { type: 'AddCard'; card: Card }
  | { type: 'RemoveCard'; id: string }
  | { type: 'SetDefaultCard'; id: string }
  /** For somebody who never had a card, in development. */
  | { type: 'GiveSampleCard'; card: Card };

export type WalletEvent =
  | { type: 'CardAdded'; card: Card }
  | { type: 'CardRemoved'; id: string }
  | { type: 'DefaultCardSet'; id: string };

export type WalletRefusal = 'no-such-card' | 'too-many-cards';

/** Cards that a customer may have. */
export const mostCards = 10;

export const cardsOf = (wallet: Wallet): readonly Card[] => (wallet.status === 'kept' ? wallet.cards : []);

export const isFull = (wallet: Wallet): boolean => cardsOf(wallet).length >= mostCards;

export const isDefault = (wallet: Wallet, { id }: Card): boolean => wallet.status === 'kept' && wallet.defaultId === id;

export const defaultCard = (wallet: Wallet): Card | undefined =>
  cardsOf(wallet).find((card) => isDefault(wallet, card));

function decide(state: Wallet, input: WalletInput): Decision<WalletEvent, WalletRefusal> {
  const isKnown = (id: string): boolean => cardsOf(state).some((card) => card.id === id);
  switch (input.type) {
    case 'AddCard':
      if (isFull(state)) return refuse('too-many-cards');
      return accept({ type: 'CardAdded', card: input.card });
    case 'RemoveCard':
      return isKnown(input.id) ? accept({ type: 'CardRemoved', id: input.id }) : refuse('no-such-card');
    case 'SetDefaultCard':
      if (!isKnown(input.id)) return refuse('no-such-card');
      return defaultCard(state)?.id === input.id ? accept() : accept({ type: 'DefaultCardSet', id: input.id });
    case 'GiveSampleCard':
      return state.status === 'none' ? accept({ type: 'CardAdded', card: input.card }) : accept();
  }
}

function evolve(state: Wallet, event: WalletEvent): Wallet {
  const kept = state.status === 'kept' ? state : { status: 'kept' as const, cards: [], defaultId: '' };
  switch (event.type) {
    case 'CardAdded':
      return { ...kept, cards: [...kept.cards, event.card], defaultId: kept.defaultId || event.card.id };
    case 'CardRemoved': {
      const cards = kept.cards.filter(({ id }) => id !== event.id);
      return { ...kept, cards, defaultId: kept.defaultId === event.id ? (cards.at(-1)?.id ?? '') : kept.defaultId };
    }
    case 'DefaultCardSet':
      return { ...kept, defaultId: event.id };
  }
}

export const wallets: Decider<Wallet, WalletInput, WalletEvent, WalletRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
