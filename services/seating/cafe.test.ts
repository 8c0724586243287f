import { describe, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { cafes } from './cafe.ts';
import { cafe } from './testing/sample.ts';

const { given } = spec(cafes);

describe("seating's copy of a cafe", () => {
  test('takes a cafe that it does not know', () => given().when(cafe).then(cafe));
  test('takes what is newer', () =>
    given(cafe)
      .when({ ...cafe, version: 2 })
      .then({ ...cafe, version: 2 }));
  test('lets pass what comes twice or late', () => {
    given(cafe).when(cafe).thenNothing();
    given({ ...cafe, version: 2 })
      .when({ ...cafe, pricePerHour: krw(1) })
      .thenNothing();
  });
});
