import { describe, expect, test } from '@jest/globals';
import type { Product } from './api.ts';
import { familiesOf, leftIn, variantsOf } from './families.ts';

const phone = (id: string, family: string, units: string, available = 1): Product =>
  ({ id, family, name: `Phone ${id}`, kind: 'PHONE', available, price: { units } }) as Product;

const rose = phone('3', 'Dalbit', '300', 0);
const fold = phone('2', '', '900');
const plain = phone('1', 'Dalbit', '200', 4);

describe('Products of one family', () => {
  test('are one entry of a list, where the first of them stood, the cheapest variant first', () => {
    expect(familiesOf([rose, fold, plain]).map(({ name, variants }) => [name, variants.map(({ id }) => id)])).toEqual([
      ['Dalbit', ['1', '3']],
      ['Phone 2', ['2']],
    ]);
  });

  test('have the stock of all variants', () => {
    expect(familiesOf([rose, plain]).map(leftIn)).toEqual([4]);
  });

  test('are the choices beside one of them, which is there even when the list does not hold it', () => {
    expect(variantsOf(rose, [fold, plain]).map(({ id }) => id)).toEqual(['1', '3']);
    expect(variantsOf(fold, [rose, plain])).toEqual([fold]);
  });
});
