import { expect, test } from '@jest/globals';
import { cancelsAs, cancelsLate } from './canceller.ts';

const order = { customerId: 'customer', providerId: 'provider' };
const by = (id: string, ...roles: string[]) => ({ person: { id, display_name: id, language: 'KO' }, roles });

test.each([
  ['its customer', 'seller', by('customer', 'customer'), 'CUSTOMER'],
  ['its seller', 'seller', by('provider', 'customer', 'seller'), 'PROVIDER'],
  ['its seller without the role any more', 'seller', by('provider', 'customer'), undefined],
  ['another seller', 'seller', by('other', 'seller'), undefined],
  ['its host, who cancels the stay request instead', undefined, by('provider', 'host', 'seller'), undefined],
  ['an agent', undefined, by('other', 'agent'), 'STAFF'],
  ['an administrator', 'seller', by('other', 'admin'), 'STAFF'],
  ['an administrator, of an own order', 'seller', by('customer', 'admin'), 'CUSTOMER'],
  ['somebody whom no page knows', 'seller', { person: null, roles: [] }, 'CUSTOMER'],
])('an order is cancelled by %s as who they are (B4)', (_, provider, session, as) => {
  expect(cancelsAs(order, provider, session)).toBe(as);
});

test.each([
  ['its customer', 'CUSTOMER', ['customer', 'admin'], false],
  ['its seller', 'PROVIDER', ['seller'], true],
  ['an agent', 'STAFF', ['agent'], false],
  ['an administrator', 'STAFF', ['admin'], true],
] as const)('once it is over, an order can be cancelled by %s: %s, %j: %s (B4)', (_, as, roles, can) => {
  expect(cancelsLate(as, { roles })).toBe(can);
});
