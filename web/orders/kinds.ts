import { answered, api, type Schemas } from '../api/api.ts';
import type { IconName } from '../kit/icon.tsx';
import type { Words } from '../text/ko.ts';

export type Order = Schemas['views.Order'];
export type CancelPreview = Schemas['lodging.CancelPreview'];

/** What the order pages know of a business. Of one that is not here, they show what `views` tells. */
interface Business {
  name: keyof Words['business'];
  /** First of its orders' numbers. */
  letter: string;
  cancel?: {
    preview(id: string): Promise<CancelPreview>;
    /** `text`: why, for its customer to read, where somebody else cancels. */
    send(id: string, key: string, text: string): Promise<unknown>;
  };
  /** The role of providers who may cancel a single order. */
  provider?: string;
  /** Its last state, in which its provider and administrators can cancel it until the provider is paid. */
  untilPaidOut?: string;
}

const keyed = (key: string) => ({ 'Idempotency-Key': key });

const businesses: Readonly<Record<string, Business>> = {
  'lodging.reservation': {
    name: 'lodging',
    letter: 'R',
    cancel: {
      preview: (reservation_id) =>
        answered(
          api.GET('/v1/lodging/reservations/{reservation_id}:cancelPreview', { params: { path: { reservation_id } } }),
        ),
      send: (reservation_id, key, text) =>
        answered(
          api.POST('/v1/lodging/reservations/{reservation_id}:cancel', {
            params: { path: { reservation_id }, header: keyed(key) },
            body: { text },
          }),
        ),
    },
  },
  'seating.selection': {
    name: 'seating',
    letter: 'S',
    cancel: {
      preview: (seat_selection_id) =>
        answered(
          api.GET('/v1/seat-selections/{seat_selection_id}:cancelPreview', { params: { path: { seat_selection_id } } }),
        ),
      send: (seat_selection_id, key, text) =>
        answered(
          api.POST('/v1/seat-selections/{seat_selection_id}:cancel', {
            params: { path: { seat_selection_id }, header: keyed(key) },
            body: { text },
          }),
        ),
    },
  },
  'rental.rental': {
    name: 'rental',
    letter: 'W',
    cancel: {
      preview: (rental_id) =>
        answered(api.GET('/v1/rentals/{rental_id}:cancelPreview', { params: { path: { rental_id } } })),
      send: (rental_id, key, text) =>
        answered(
          api.POST('/v1/rentals/{rental_id}:cancel', {
            params: { path: { rental_id }, header: keyed(key) },
            body: { text },
          }),
        ),
    },
  },
  'preorder.preorder': {
    name: 'preorder',
    letter: 'P',
    cancel: {
      preview: (preorder_id) =>
        answered(api.GET('/v1/preorders/{preorder_id}:cancelPreview', { params: { path: { preorder_id } } })),
      send: (preorder_id, key, text) =>
        answered(
          api.POST('/v1/preorders/{preorder_id}:cancel', {
            params: { path: { preorder_id }, header: keyed(key) },
            body: { text },
          }),
        ),
    },
  },
  'tutoring.purchase': {
    name: 'tutoring',
    letter: 'T',
    provider: 'seller',
    untilPaidOut: 'COMPLETED',
    cancel: {
      preview: (purchase_id) =>
        answered(api.GET('/v1/tutoring/purchases/{purchase_id}:cancelPreview', { params: { path: { purchase_id } } })),
      send: (purchase_id, key, text) =>
        answered(
          api.POST('/v1/tutoring/purchases/{purchase_id}:cancel', {
            params: { path: { purchase_id }, header: keyed(key) },
            body: { text },
          }),
        ),
    },
  },
  'tutoring.lesson': { name: 'tutoring', letter: 'L' },
};

export const kindOf = ({ order }: Order): string => order?.kind ?? '';
export const businessOf = (order: Order): Business | undefined => businesses[kindOf(order)];
export const businessOfKind = (kind: string): Business | undefined => businesses[kind];
export const iconOf = (order: Order): IconName => businessOf(order)?.name ?? 'calendar';

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `R-7K2M-4821`, made of the last forty bits of the id, which are random: short enough to be read out on the phone. */
export function numberOf(order: Order): string {
  const bits = BigInt(`0x${order.id.replaceAll('-', '').slice(-10) || '0'}`);
  const text = Array.from({ length: 8 }, (_, nth) => letters[Number((bits >> BigInt(35 - 5 * nth)) & 31n)]).join('');
  return `${businessOf(order)?.letter ?? 'J'}-${text.slice(0, 4)}-${text.slice(4)}`;
}
