import type { Refused, Understood } from '../rest-conformance.calls.ts';
import { approvals } from './approval.ts';
import { assignments } from './assignment.ts';
import { deliveries } from './delivery.ts';
import { inventory } from './inventory.ts';
import { lectures } from './lecture.ts';
import { lodging } from './lodging.ts';
import { notifications, sandboxMessenger } from './notification.ts';
import { operations } from './ops.ts';
import { payments, sandboxProvider } from './payment.ts';
import { payouts, sandboxBank } from './payout.ts';
import { preorders } from './preorder.ts';
import type { Contract, Promised } from './promised.ts';
import { properties } from './property.ts';
import { rentals } from './rental.ts';
import { seating } from './seating.ts';
import { studycafes } from './studycafe.ts';
import { tutoring } from './tutoring.ts';
import { views } from './views.ts';

const all: readonly Contract[] = [
  ...[lodging, properties, payments, sandboxProvider, seating, studycafes, rentals, inventory, deliveries, preorders, assignments],
  ...[tutoring, approvals, lectures, payouts, sandboxBank, notifications, sandboxMessenger, views, operations],
];

/** What every method promises, by its gRPC path. */
export const promised: ReadonlyMap<string, Promised> = new Map(
  all.flatMap(({ service, methods }) => Object.entries(methods).map(([name, promise]) => [`/${service}/${name}`, promise] as const)),
);

/** Each well-formed call, with the method that it reaches. */
export const promisedCalls: readonly (Understood & { rpc: string })[] = [...promised].flatMap(([rpc, { calls }]) => calls.map((call) => ({ rpc, ...call })));

export const refusedCalls: readonly (Refused & { service: string })[] = all.flatMap(({ service, refused }) => refused.map((call) => ({ service, ...call })));
