import { describe, expect, test } from '@jest/globals';
import { addCard, findCardIn, type CardPorts } from './cards.ts';
import type { Wallets } from './ports.ts';
import { mostCards, wallets as core, type Wallet } from './wallet.ts';

/** Wallets in memory. */
function fakeWallets(): Wallets {
  const kept = new Map<string, Wallet>();
  const get = (id: string): Wallet => kept.get(id) ?? core.initial;
  const update: Wallets['update'] = async (id, decide) => {
    const decision = decide(get(id));
    if (!decision.accepted) return decision;
    kept.set(id, decision.events.reduce(core.evolve, get(id)));
    return { accepted: true, after: { id, state: get(id), version: 1, createdAt: 0, updatedAt: 0 } };
  };
  return { update, updateWithoutProof: update, get: async (id) => get(id) };
}

const visa = { reference: 'at-provider', brand: 'VISA', last4: '4242', expires: '2029-12' };
const ports = (more: Partial<CardPorts> = {}): CardPorts => ({
  wallets: fakeWallets(),
  keeper: { testTokens: [], exchange: async (token) => (token === 'tok_visa' ? visa : undefined) },
  newId: () => 'c1',
  ...more,
});

describe('findCard by card (B5)', () => {
  test('charges the default card', async () => {
    const mine = ports();
    await addCard(mine, 'mina', 'tok_visa');
    expect(await findCardIn(mine)('mina')).toEqual({ card: { ...visa, id: 'c1' } });
  });
  test('charges the card that was chosen', async () => {
    const ids = ['c1', 'c2'];
    const mine = ports({ newId: () => ids.shift()! });
    await addCard(mine, 'mina', 'tok_visa');
    await addCard(mine, 'mina', 'tok_visa');
    expect(await findCardIn(mine)('mina', 'c2')).toEqual({ card: { ...visa, id: 'c2' }, isCardChosen: true });
  });
  test('charges no other card where the chosen one is not the customer’s', async () => {
    const mine = ports({ sampleCard: () => visa });
    await addCard(mine, 'mina', 'tok_visa');
    const none = { card: null, isCardChosen: true };
    expect(await findCardIn(mine)('mina', 'c9')).toEqual(none);
    expect(await findCardIn(mine)('other', 'c1')).toEqual(none);
    expect(await findCardIn({ ...mine, keeper: undefined })('mina', 'c1')).toEqual(none);
  });
  test('finds no card of who has none, in production', async () =>
    expect(await findCardIn(ports())('mina')).toEqual({ card: null }));
  test('gives who never had a card a sample one, in development', async () => {
    const mine = ports({ sampleCard: () => visa });
    expect(await findCardIn(mine)('mina')).toEqual({ card: { ...visa, id: 'c1' } });
    expect(await mine.wallets.get('mina')).toMatchObject({ cards: [{ last4: '4242' }] });
  });
  test('says nothing of cards where the provider keeps none, and none can be added', async () => {
    const mine = ports({ keeper: undefined });
    expect(await findCardIn(mine)('mina')).toEqual({});
    expect(await addCard(mine, 'mina', 'tok_visa')).toEqual({ accepted: false, refusal: 'cards-not-kept' });
  });
});

test('the provider is not asked about a token that would become a card too many', async () => {
  let asked = 0;
  const keeper = { testTokens: [], exchange: async () => (asked++, visa) };
  const mine = ports({ keeper });
  for (let card = 0; card < mostCards; card++)
    expect(await addCard(mine, 'mina', 'tok')).toMatchObject({ accepted: true });
  expect(await addCard(mine, 'mina', 'tok')).toEqual({ accepted: false, refusal: 'too-many-cards' });
  expect(asked).toBe(mostCards);
});
