import { bring } from './delivery.ts';
import { becomes } from './eventually.ts';
import { ok, person, type Answer, type Person } from './people.ts';
import type { Place } from './place.ts';

/** Pre-ordering, and all that it needs and is seen by. */
export const preorderServices = ['preorder', 'assignment', 'inventory', 'delivery', 'notification', 'views'];

/** As REST prints them. */
export interface Preorder {
  id: string;
  status: string;
  customerId: string;
  dealershipId: string;
  total: { units: string };
  cancelRefused: string;
}
export interface Product {
  id: string;
  name: string;
  onHand: number;
  held: number;
  available: number;
}
export interface Assignment {
  id: string;
  status: string;
  dealershipId: string;
  distanceMeters: number;
  why: string;
}
export interface Message {
  id: string;
  channel: string;
  status: string;
  text: string;
  order: { kind: string; id: string };
}

/** The customer of these tests lives where nobody else's dealerships are: in the middle of the sea, by the number. */
let seas = 0;

/** The people of pre-ordering's story, and what they do there. */
export function preordering(place: Place) {
  const customer = person(place, 'customer');
  const [admin, dealer, courier, agent] = ['admin', 'dealer', 'courier', 'agent'].map((name) =>
    person(place, name),
  ) as [Person, Person, Person, Person];

  const preorder = (id: string, by: Person = customer): Promise<Preorder> =>
    ok(by.get<Preorder>(`/v1/preorders/${id}`));
  const ask = (product: Product, more: object = {}, by: Person = customer): Promise<Answer<Preorder>> =>
    by.post<Preorder>('/v1/preorders', {
      product_id: product.id,
      quantity: 1,
      fulfilment: 'PICKUP',
      location: { latitude: 37.5663, longitude: 126.9779 },
      address: '1 Street',
      ...more,
    });

  return {
    ...{ customer, admin, dealer, courier, agent, preorder, ask },
    request: (product: Product, more: object = {}, by: Person = customer): Promise<Preorder> =>
      ok(ask(product, more, by)),
    /** Waits until the pre-order has come so far. */
    reaches: (id: string, status: string, withinMs?: number): Promise<Preorder> =>
      becomes(() => preorder(id), { status }, withinMs),
    cancel: (id: string, by: Person = customer): Promise<Answer<Preorder>> =>
      by.post<Preorder>(`/v1/preorders/${id}:cancel`, {}),
    answer: (verb: 'accept' | 'decline' | 'activate', id: string, by: Person = dealer): Promise<Answer<Assignment>> =>
      by.post<Assignment>(`/v1/assignments/${id}:${verb}`, {}),
    deliver: (verb: 'start' | 'complete', id: string): Promise<Answer> => bring(courier, customer, verb, id),

    newPhone: (onHand: number, name = 'Test phone'): Promise<Product> =>
      ok(
        admin.post<Product>('/v1/products', {
          name,
          kind: 'PHONE',
          price: { currencyCode: 'KRW', units: '900000' },
          on_hand: onHand,
        }),
      ),
    product: (id: string): Promise<Product> => ok(admin.get<Product>(`/v1/products/${id}`)),
    /** A place with dealerships of its own, in a row to the north: kilometres from the customer, and what each takes in a day. */
    async newTown(
      ...dealerships: readonly { kilometres: number; capacity?: number; of?: Person }[]
    ): Promise<{ location: object; ids: string[] }> {
      const location = { latitude: -40, longitude: -170 + 5 * seas++ };
      const opened = dealerships.map(({ kilometres, capacity = 1_000, of = dealer }) => {
        const there = { ...location, latitude: location.latitude + kilometres / 111.195 };
        return ok(
          admin.post<{ id: string }>('/v1/dealerships', {
            name: `At ${kilometres} km`,
            location: there,
            daily_capacity: capacity,
            dealer_id: of.id,
          }),
        );
      });
      return { location, ids: (await Promise.all(opened)).map(({ id }) => id) };
    },
    assignments: async (by: Person = dealer): Promise<Assignment[]> =>
      (await ok(by.get<{ assignments: Assignment[] }>('/v1/assignments?page_size=200'))).assignments,
    messages: async (by: Person = customer): Promise<Message[]> =>
      (await ok(by.get<{ messages: Message[] }>('/v1/messages?page_size=200'))).messages,
  };
}
