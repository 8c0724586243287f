import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { cardsOf, defaultCard, mostCards, wallets, type Card, type WalletEvent } from './wallet.ts';

const card = (id: string): Card => ({
  id,
  reference: `at-provider-${id}`,
  brand: 'VISA',
  last4: '4242',
  expires: '2029-12',
});
const added = (id: string): WalletEvent => ({ type: 'CardAdded', card: card(id) });
const removed = (id: string): WalletEvent => ({ type: 'CardRemoved', id });
const { given } = spec(wallets);
const after = (...events: WalletEvent[]) => events.reduce(wallets.evolve, wallets.initial);

describe("a customer's cards (B5)", () => {
  test('are added, and the first one is the default', () => {
    given()
      .when({ type: 'AddCard', card: card('a') })
      .then(added('a'));
    given(added('a'))
      .when({ type: 'AddCard', card: card('b') })
      .then(added('b'));
    expect(defaultCard(after(added('a'), added('b')))?.id).toBe('a');
  });
  test('are ten at most', () => {
    const many = Array.from({ length: mostCards }, (_, nth) => added(`${nth}`));
    given(...many)
      .when({ type: 'AddCard', card: card('one more') })
      .thenRefused('too-many-cards');
    given(...many, removed('3'))
      .when({ type: 'AddCard', card: card('another') })
      .then(added('another'));
  });
  test('have another default when the customer says so; said again, nothing changes', () => {
    const set: WalletEvent = { type: 'DefaultCardSet', id: 'b' };
    given(added('a'), added('b')).when({ type: 'SetDefaultCard', id: 'b' }).then(set);
    given(added('a'), added('b'), set).when({ type: 'SetDefaultCard', id: 'b' }).thenNothing();
    expect(defaultCard(after(added('a'), added('b'), set))?.id).toBe('b');
  });
  test('without the default have the newest other one for it', () => {
    given(added('a')).when({ type: 'RemoveCard', id: 'a' }).then(removed('a'));
    expect(defaultCard(after(added('a'), added('b'), added('c'), removed('a')))?.id).toBe('c');
    expect(defaultCard(after(added('a'), added('b'), removed('b')))?.id).toBe('a');
  });
  test('have no default when there are none, and the next is it', () => {
    expect(defaultCard(after(added('a'), removed('a')))).toBeUndefined();
    expect(defaultCard(after(added('a'), removed('a'), added('b')))?.id).toBe('b');
  });
  test('that are unknown or gone cannot be removed or become the default', () => {
    for (const type of ['RemoveCard', 'SetDefaultCard'] as const) {
      given().when({ type, id: 'a' }).thenRefused('no-such-card');
      given(added('a'), removed('a')).when({ type, id: 'a' }).thenRefused('no-such-card');
    }
  });
  test('begin with a sample card for who never had one, not for who removed theirs', () => {
    given()
      .when({ type: 'GiveSampleCard', card: card('s') })
      .then(added('s'));
    given(added('a'))
      .when({ type: 'GiveSampleCard', card: card('s') })
      .thenNothing();
    given(added('a'), removed('a'))
      .when({ type: 'GiveSampleCard', card: card('s') })
      .thenNothing();
    expect(cardsOf(after(added('a'), removed('a')))).toEqual([]);
  });
});
