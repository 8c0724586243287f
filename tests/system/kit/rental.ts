import { bring, type Delivery } from './delivery.ts';
import { becomes, eventually } from './eventually.ts';
import { krw, lodging, type Money } from './lodging.ts';
import { ok, person, type Answer, type Person } from './people.ts';
import type { Place } from './place.ts';

export interface Rental {
  id: string;
  status: string;
  customerId: string;
  productId: string;
  months: number;
  address: string;
  monthlyFee: Money;
  deposit: Money;
  paid: Money;
  reason: string;
  cancelRefused: string;
  createTime: string;
}
export interface Product {
  id: string;
  name: string;
  kind: string;
  onHand: number;
  held: number;
  available: number;
}

/** What every rental of these tests pays first. */
export const firstPayment = 70_000;

/** The people of rental's story, and what they do there. */
export function rental(place: Place) {
  const customer = person(place, 'customer');
  const courier = person(place, 'courier');
  const { admin, payment, paid, ledger, provider, shown, quiet } = lodging(place);

  const ask = (
    product: { id: string },
    by: Person = customer,
    headers: Record<string, string> = {},
  ): Promise<Answer<Rental>> =>
    by.post<Rental>(
      '/v1/rentals',
      { product_id: product.id, months: 24, address: '서울특별시 마포구 월드컵로 1' },
      headers,
    );
  const rentalOf = (id: string, by: Person = customer): Promise<Rental> => ok(by.get<Rental>(`/v1/rentals/${id}`));
  const product = (id: string): Promise<Product> => ok(customer.get<Product>(`/v1/products/${id}`));
  const courierSays = (verb: 'start' | 'complete', id: string): Promise<Answer<Delivery>> =>
    bring(courier, customer, verb, id);

  return {
    ...{ customer, courier, admin, payment, paid, ledger, provider, shown, quiet, ask, rentalOf, product, courierSays },

    rent: (of: { id: string }, by: Person = customer): Promise<Rental> => ok(ask(of, by)),
    cancel: (id: string): Promise<Answer<Rental>> => customer.post<Rental>(`/v1/rentals/${id}:cancel`, {}),
    reaches: (id: string, status: string, withinMs?: number): Promise<Rental> =>
      becomes(() => rentalOf(id), { status }, withinMs),
    restock: (id: string, quantity: number): Promise<Answer<Product>> =>
      admin.post<Product>(`/v1/products/${id}:restock`, { quantity }),

    /** A dispenser of its own for a test; resolves when rental knows of it, too. */
    async newDispenser(onHand: number): Promise<Product> {
      const terms = {
        name: 'Test dispenser',
        kind: 'DISPENSER',
        monthly_fee: krw(20_000),
        deposit: krw(50_000),
        on_hand: onHand,
      };
      const made = await ok(admin.post<Product>('/v1/products', terms));
      await eventually(
        () => place.rows('rental', 'select from product where id = $1', made.id),
        (rows) => rows.length === 1,
      );
      return made;
    },

    /** Waits until couriers see it, and answers with it. */
    delivery: (id: string, status: string): Promise<Delivery> =>
      eventually(
        async () =>
          (
            await ok(courier.get<{ deliveries: Delivery[] }>(`/v1/deliveries?status=${status}&page_size=200`))
          ).deliveries.find((each) => each.id === id)!,
        (found) => found !== undefined,
      ),
  };
}

/** When the work of `place` has come to rest: no intent is open, no refund under way. */
export async function atRest(place: Place, withinMs: number): Promise<void> {
  const count = async (service: string, sql: string): Promise<number> =>
    Number((await place.rows<{ count: string }>(service, sql))[0]!.count);
  await eventually(
    async () => ({
      intents: await count('rental', `select count(*) from rental where status = 'paying'`),
      refunds: await count('payment', `select count(*) from payment where status in ('pending', 'refunding')`),
      messages: await count('rental', 'select count(*) from outbox where published_at is null'),
    }),
    ({ intents, refunds, messages }) => intents + refunds + messages === 0,
    withinMs,
  );
}
