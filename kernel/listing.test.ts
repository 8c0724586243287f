import { describe, expect, test } from '@jest/globals';
import { isSameOffer } from './listing.ts';

const offer = {
  name: 'Pine Cottage',
  capacity: 4,
  price: { amount: 1_000, currency: 'KRW' },
  photos: ['a', 'b'],
  location: { latitude: 37.5, longitude: 127 },
};

describe('an offer', () => {
  test('is the same in whatever order its fields are stored', () => {
    const stored = {
      ...Object.fromEntries(Object.entries(offer).reverse()),
      price: { currency: 'KRW', amount: 1_000 },
    };
    expect(isSameOffer(offer, stored)).toBe(true);
    expect(isSameOffer(stored, offer)).toBe(true);
  });
  test.each([
    { name: 'Pine Lodge' },
    { capacity: 5 },
    { price: { amount: 2_000, currency: 'KRW' } },
    { photos: ['b', 'a'] },
    { photos: [] },
    { location: { latitude: 37.5, longitude: 128 } },
    { location: undefined },
    { beds: 2 },
  ])('is another one with %p', (change) => {
    expect(isSameOffer(offer, { ...offer, ...change })).toBe(false);
    expect(isSameOffer({ ...offer, ...change }, offer)).toBe(false);
  });
});
