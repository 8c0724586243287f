import { krw } from '#kernel/money.ts';
import type { Booking, Phone, Preorder, PreorderEvent, Wish } from '../preorder.ts';
import { justRequested, type Progress, type Stage } from '../progress.ts';

/** A customer in Seoul who wants two phones: what the tests talk about. */
export const wish: Wish = {
  customerId: 'customer',
  productId: 'fold',
  quantity: 2,
  fulfilment: 'DELIVERY',
  location: { latitude: 37.5663, longitude: 126.9779 },
  address: '1 Sejong-daero, Seoul',
};
export const phone: Phone = { name: 'Eunha Fold', price: krw(1_000_000), available: 2, isClosed: false, family: '' };
export const booking: Booking = { ...wish, title: 'Eunha Fold × 2', total: krw(2_000_000), slots: [] };
export const pickUp: Booking = { ...booking, fulfilment: 'PICKUP' };

export const near = { id: 'near', name: 'Near' };
export const far = { id: 'far', name: 'Far' };

const assigned: Progress = { ...justRequested, assignmentVersion: 1, dealership: near };
const accepted: Progress = { ...assigned, assignmentVersion: 2, accepted: true, delivery: 'asked' };
/** Activated before it is delivered; and where nothing is delivered. */
type Before = 'activated early' | 'shipped and activated early' | 'to be picked up' | 'picked up';
export const progressAt = {
  requested: justRequested,
  'waiting-dealership': { ...justRequested, assignmentVersion: 1, dealership: 'none' },
  assigned,
  accepted,
  shipped: { ...accepted, delivery: 'started', handedOver: true },
  delivered: { ...accepted, delivery: 'delivered', handedOver: true },
  activated: { ...accepted, delivery: 'delivered', handedOver: true, activated: true },
  'activated early': { ...accepted, activated: true },
  'shipped and activated early': { ...accepted, delivery: 'started', handedOver: true, activated: true },
  'to be picked up': { ...accepted, delivery: 'not-asked' },
  'picked up': { ...accepted, delivery: 'not-asked', handedOver: true, activated: true },
} as const satisfies Record<Stage | Before, Progress>;

/** Events that lead to each place where a pre-order can stand. */
export const requested = (of: Booking = booking): PreorderEvent[] => [
  { type: 'PreorderIntended', booking: of },
  { type: 'PreorderRequested' },
];
export const at = (stage: keyof typeof progressAt, of: Booking = booking): PreorderEvent[] => [
  ...requested(of),
  { type: 'PreorderProgressed', progress: progressAt[stage], handsOver: false, asksDelivery: false },
];
const cancelling = (first: 'delivery' | 'assignment'): PreorderEvent => ({
  ...{ type: 'PreorderCancelling', first },
  ...{ cause: 'CANCELLED_BY_CUSTOMER', reasonText: '' },
});
type Place =
  | Exclude<Preorder['status'], 'open'>
  | Stage
  | Before
  | 'cancelling, not delivered'
  | 'cancelling a pick-up';
export const ways: Record<Place, PreorderEvent[]> = {
  none: [],
  intended: [{ type: 'PreorderIntended', booking }],
  dropped: [
    { type: 'PreorderIntended', booking },
    { type: 'PreorderDropped', mayHoldStock: true },
  ],
  requested: at('requested'),
  'waiting-dealership': at('waiting-dealership'),
  assigned: at('assigned'),
  accepted: at('accepted'),
  shipped: at('shipped'),
  delivered: at('delivered'),
  activated: at('activated'),
  'activated early': at('activated early'),
  'shipped and activated early': at('shipped and activated early'),
  'to be picked up': at('to be picked up', pickUp),
  'picked up': at('picked up', pickUp),
  cancelling: [...at('accepted'), cancelling('delivery')],
  'cancelling, not delivered': [
    ...[...at('activated early'), cancelling('delivery')],
    {
      type: 'PreorderPartReturned',
      progress: { ...progressAt['activated early'], delivery: 'cancelled' },
      next: 'assignment',
    },
  ],
  'cancelling a pick-up': [...at('to be picked up', pickUp), cancelling('assignment')],
  cancelled: [...at('accepted'), cancelling('delivery'), { type: 'PreorderCancelled' }],
};
