import type { Assignment, AssignmentEvent, Dealer } from '../assignment.ts';
import type { Candidate, Market, Placement } from '../choice.ts';

/** A customer in Seoul and three dealerships around: what the tests talk about. */
export const order = { kind: 'preorder.preorder', id: 'order' };
export const location = { latitude: 37.5663, longitude: 126.9779 };
export const at = Date.UTC(2026, 10, 24, 3);
/** Midnight after `at`, in Seoul. */
export const midnight = Date.UTC(2026, 10, 24, 15);

export const candidate = (name: string, distanceMeters: number, taken = 0, dailyCapacity = 10): Candidate => ({
  dealershipId: name,
  dealerId: `dealer of ${name}`,
  name: name.toUpperCase(),
  distanceMeters,
  dailyCapacity,
  taken: Array.from({ length: taken }, (_, number) => number),
});
export const marketOf = (...candidates: Candidate[]): Market => ({ day: '2026-11-24', candidates, luck: 0 });
export const market = marketOf(candidate('near', 800), candidate('far', 2_000), candidate('farther', 9_000));
export const nobody: Market = marketOf();
export const full: Market = marketOf(candidate('near', 800, 10));

export const dealerOf = (name: string): Dealer => ({ userId: `dealer of ${name}`, admin: false });
export const admin: Dealer = { userId: 'admin', admin: true };

export const placedAt = (name: string, distanceMeters: number, why: string): Placement => ({
  dealershipId: name,
  dealerId: `dealer of ${name}`,
  dealershipName: name.toUpperCase(),
  distanceMeters,
  why,
  day: '2026-11-24',
  place: 0,
});
export const near = placedAt('near', 800, 'The nearest: 800 m away, with 0 of 10 orders today.');
export const far = placedAt('far', 2_000, '2.0 km away, with 0 of 10 orders today; 1 nearer declined.');

export const requested: AssignmentEvent = { type: 'AssignmentRequested', order, location, customerId: 'customer' };
export const assigned = (placement: Placement): AssignmentEvent => ({ type: 'DealershipAssigned', placement });
export const none = (again: number | null): AssignmentEvent => ({ type: 'NoDealership', again });
export const lost: AssignmentEvent = { type: 'DealershipLost' };
export const accepted: AssignmentEvent = { type: 'AssignmentAccepted' };
export const activated: AssignmentEvent = { type: 'Activated' };
export const cancelled: AssignmentEvent = { type: 'AssignmentCancelled', order };
export const repeated: AssignmentEvent = { type: 'AnswerRepeated' };

/** Events that lead to each state. */
export const ways: Record<Assignment['status'], AssignmentEvent[]> = {
  none: [],
  tombstone: [cancelled],
  unassigned: [requested, none(null)],
  assigned: [requested, assigned(near)],
  accepted: [requested, assigned(near), accepted],
  activated: [requested, assigned(near), accepted, activated],
  cancelled: [requested, assigned(near), cancelled],
};
