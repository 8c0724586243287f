import { describe, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { cafe as cafes, type CafeEvent, type CafeInput } from './cafe.ts';
import { place, terms } from './testing/sample.ts';

const opened: CafeEvent = { type: 'CafeOpened', place, terms };
const open: Extract<CafeInput, { type: 'OpenCafe' }> = { type: 'OpenCafe', place, terms };
const { given } = spec(cafes);

describe('a cafe', () => {
  test('opens with its seats', () => given().when(open).then(opened));
  test('twice is once', () => given(opened).when(open).thenNothing());
  test('closes after it opens', () => {
    given()
      .when({ ...open, terms: { ...terms, closes: '08:00' } })
      .thenRefused('closes-before-it-opens');
    given(opened)
      .when({ type: 'ChangeCafe', changes: { opens: '23:00' } })
      .thenRefused('closes-before-it-opens');
    given(opened)
      .when({ type: 'ChangeCafe', changes: { closes: '24:00' } })
      .then({ type: 'CafeChanged', terms: { ...terms, closes: '24:00' } });
  });
  test('changes in what is named alone', () =>
    given(opened)
      .when({ type: 'ChangeCafe', changes: { pricePerHour: krw(3_000) } })
      .then({ type: 'CafeChanged', terms: { ...terms, pricePerHour: krw(3_000) } }));
  test('has a price of ten times the old one or more, or of a tenth or less, confirmed (B1)', () => {
    const { amount } = terms.pricePerHour;
    const [high, low] = [krw(amount * 10), krw(amount / 10)];
    for (const pricePerHour of [high, low]) {
      given(opened).when({ type: 'ChangeCafe', changes: { pricePerHour } }).thenRefused('price-jump');
      given(opened)
        .when({ type: 'ChangeCafe', changes: { pricePerHour }, isPriceConfirmed: true })
        .then({ type: 'CafeChanged', terms: { ...terms, pricePerHour } });
    }
    for (const pricePerHour of [krw(amount * 10 - 1), krw(amount / 10 + 1)])
      given(opened)
        .when({ type: 'ChangeCafe', changes: { pricePerHour } })
        .then({ type: 'CafeChanged', terms: { ...terms, pricePerHour } });
  });
  test('that is changed into what it is stays as it is', () =>
    given(opened)
      .when({ type: 'ChangeCafe', changes: { ...terms } })
      .thenNothing());
  test('is closed and reopened once (B2)', () => {
    const closed: CafeEvent = { type: 'CafeClosed' };
    given(opened).when({ type: 'CloseCafe' }).then(closed);
    given(opened, closed).when({ type: 'CloseCafe' }).thenNothing();
    given(opened, closed).when({ type: 'ReopenCafe' }).then({ type: 'CafeReopened' });
    given(opened).when({ type: 'ReopenCafe' }).thenNothing();
  });
  test('is published again on request', () =>
    given(opened).when({ type: 'RepublishCafe' }).then({ type: 'CafeRepublished' }));
  test('that does not exist is neither changed nor published', () => {
    given().when({ type: 'ChangeCafe', changes: {} }).thenRefused('no-such-cafe');
    given().when({ type: 'CloseCafe' }).thenRefused('no-such-cafe');
    given().when({ type: 'ReopenCafe' }).thenRefused('no-such-cafe');
    given().when({ type: 'RepublishCafe' }).thenNothing();
  });
});
