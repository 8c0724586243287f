import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { days, minutes } from '#kernel/time.ts';
import { keyRing, publishedAt, signingKeyAt, type KeyRing, type KeyRingEvent, type KeyRingInput } from './key-ring.ts';

const ages = { lead: minutes(10), most: days(90), tokens: minutes(15) };
const key = (kid: string) => ({ kid, x: 'x', y: 'y', sealed: `sealed ${kid}` });
const ensure = (kid: string, at: number): KeyRingInput => ({ type: 'EnsureKey', key: key(kid), at, ages });
const rotate = (kid: string, at: number): KeyRingInput => ({ type: 'RotateKeys', key: key(kid), at, ages });
const added = (kid: string, at: number, signsFrom: number, removed: string[] = []): KeyRingEvent => ({
  ...{ type: 'KeyAdded', key: { ...key(kid), signsFrom }, removed, rotateAt: at + ages.most },
});
const { given } = spec(keyRing);
const ring = (...events: KeyRingEvent[]): KeyRing => events.reduce<KeyRing>(keyRing.evolve, keyRing.initial);
const first = added('a', 0, 0);
const second = added('b', days(1), days(1) + ages.lead);

describe('the signing keys (I2)', () => {
  test('begin with one that signs at once', () => {
    given().when(ensure('a', 0)).then(first);
    given().when(rotate('a', 0)).then(first);
    given(first).when(ensure('b', 5)).thenNothing();
  });

  test('rotate: a new key is published before it signs', () => {
    given(first)
      .when(rotate('b', days(1)))
      .then(second);
    const state = ring(first, second);
    expect(publishedAt(state, days(1), ages).map(({ kid }) => kid)).toEqual(['a', 'b']);
    expect(signingKeyAt(state, days(1) + ages.lead - 1)?.kid).toBe('a');
    expect(signingKeyAt(state, days(1) + ages.lead)?.kid).toBe('b');
  });

  test('stay published until the last token that they signed has ended, and are then removed by the next rotation', () => {
    const state = ring(first, second);
    const over = days(1) + ages.lead + ages.tokens;
    expect(publishedAt(state, over - 1, ages).map(({ kid }) => kid)).toEqual(['a', 'b']);
    expect(publishedAt(state, over, ages).map(({ kid }) => kid)).toEqual(['b']);
    given(first, second)
      .when(rotate('c', over))
      .then(added('c', over, over + ages.lead, ['a']));
    expect(JSON.stringify(ring(first, second, added('c', over, over + ages.lead, ['a'])))).not.toContain('sealed a');
  });

  test('do not rotate again while a new key waits to sign', () =>
    given(first, second)
      .when(rotate('c', days(1) + 1))
      .thenNothing());

  test('are sealed again with another secret', () => {
    const sealed = new Map([['a', 'sealed again']]);
    given(first).when({ type: 'ResealKeys', sealed }).then({ type: 'KeysResealed', sealed });
    expect(ring(first, { type: 'KeysResealed', sealed })).toMatchObject({
      keys: [{ kid: 'a', sealed: 'sealed again' }],
    });
  });
});
