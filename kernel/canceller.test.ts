import { describe, expect, test } from '@jest/globals';
import { cancelsAs } from './canceller.ts';
import { canceller as by } from './spec.ts';

const parties = { customerId: 'mina', providerId: 'sora' };
const ill = { text: 'I am ill.' };

describe('an order is cancelled (B4)', () => {
  test('by its customer, who gives no reason', () =>
    expect(cancelsAs(by('mina', ill), parties, 'no-such-order')).toEqual({
      ...{ accepted: true, as: 'CUSTOMER', afterBegin: false, reasonText: '' },
    }));

  test('by its customer as its customer, whatever roles they have', () =>
    expect(cancelsAs(by('mina', { isStaff: true, isProvider: true, ...ill }), parties, 'no-such-order')).toMatchObject({
      as: 'CUSTOMER',
    }));

  test('by its provider, with a reason', () => {
    const who = { isProvider: true, ...ill };
    expect(cancelsAs(by('sora', who), parties, 'no-such-order')).toEqual({
      ...{ accepted: true, as: 'PROVIDER', afterBegin: true, reasonText: 'I am ill.' },
    });
    expect(cancelsAs(by('sora', { ...who, isStaff: true }), parties, 'no-such-order')).toMatchObject({
      as: 'PROVIDER',
    });
  });

  test('by staff, with a reason', () =>
    expect(cancelsAs(by('agent', { isStaff: true, ...ill }), parties, 'no-such-order')).toMatchObject({
      ...{ as: 'STAFF', reasonText: 'I am ill.' },
    }));

  test('by administrators also once the service has begun, and by no other staff', () => {
    const after = (who: object, id = 'staff') =>
      cancelsAs(by(id, { isStaff: true, ...ill, ...who }), parties, 'no-such-order');
    expect(after({})).toMatchObject({ as: 'STAFF', afterBegin: false });
    expect(after({ isAdmin: true })).toMatchObject({ as: 'STAFF', afterBegin: true });
    expect(after({ isAdmin: true }, 'mina')).toMatchObject({ as: 'CUSTOMER', afterBegin: false });
  });

  test.each(['', ' ', '\u200b\u3164'])('by nobody but its customer with the blank reason %j', (text) => {
    for (const who of [by('sora', { isProvider: true, text }), by('agent', { isStaff: true, text })])
      expect(cancelsAs(who, parties, 'no-such-order')).toMatchObject({ accepted: false, refusal: 'text-required' });
  });

  test('by nobody else: it is hidden from them, also where they give no reason', () => {
    const others = [by('somebody'), by('other seller', { isProvider: true }), by('sora', ill)];
    for (const other of others)
      expect(cancelsAs(other, parties, 'no-such-order')).toMatchObject({ refusal: 'no-such-order' });
    expect(cancelsAs(by('', { isProvider: true }), { customerId: 'mina' }, 'no-such-order')).toMatchObject({
      refusal: 'no-such-order',
    });
  });
});
