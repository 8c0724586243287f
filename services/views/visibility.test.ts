import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import type { OrderView } from './order-view.ts';
import { shownTo, whose, type Viewer } from './visibility.ts';

const view: OrderView = {
  head: {
    order: { kind: 'lodging.reservation', id: '0198c0de-0000-7000-8000-000000000001' },
    customerId: 'guest',
    providerId: 'host',
    title: 'Pine Lodge 2',
    status: 'PAID',
    phase: 'ACTIVE',
    version: 3,
    total: krw(256_000),
    attributes: {},
    reason: '',
    reasonText: '',
    createTime: 1_000,
    updateTime: 4_000,
    by: 'message-1',
  },
  confirmed: true,
  paid: true,
  declined: false,
  timeline: [],
};
const viewer = (id: string): Viewer => ({ id, seesAll: false, seesStuck: false });
const agent: Viewer = { id: 'agent', seesAll: true, seesStuck: false };

describe('an order', () => {
  test('is seen by its guest, its host and the customer centre (L6)', () => {
    for (const who of [viewer('guest'), viewer('host'), agent]) expect(shownTo(who, view)).toBe(view);
  });
  test('of somebody else is not there', () => expect(shownTo(viewer('stranger'), view)).toBeUndefined());
  test('that only capabilities have reported is shown to nobody', () => {
    const { head: _, ...headless } = view;
    expect(shownTo(agent, headless)).toBeUndefined();
  });
});

describe('a list', () => {
  test('shows people what they ordered or provide, unless they say which (L10)', () => {
    expect(whose(viewer('guest'), undefined)).toBe('ordered-or-provided');
    expect(whose(viewer('guest'), 'CUSTOMER')).toBe('ordered');
    expect(whose(viewer('host'), 'PROVIDER')).toBe('provided');
  });
  test('of all orders is for the customer centre and administrators alone', () => {
    expect(whose(agent, 'ALL')).toBe('all');
    expect(whose(agent, undefined)).toBe('all');
    expect(whose(viewer('guest'), 'ALL')).toBe('not-allowed');
  });
});
