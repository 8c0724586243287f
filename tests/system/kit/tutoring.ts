import { v7 } from 'uuid';
import { becomes, eventually } from './eventually.ts';
import { startComes } from './lecture.ts';
import { krw, type LedgerEntry, type Money, type Order, type Payment, type ProviderMode } from './lodging.ts';
import { ok, person, type Answer, type Person } from './people.ts';
import type { Place } from './place.ts';

/** As REST prints them. */
export interface Lesson {
  id: string;
  status: string;
  sellerId: string;
  title: string;
  price: Money;
  startTimes: string[];
  freeStartTimes: string[];
  revision: number;
  reason: string;
  reasonText: string;
}
export interface Purchase {
  id: string;
  status: string;
  lessonId: string;
  buyerId: string;
  title: string;
  startTime: string;
  price: Money;
  reason: string;
  cancelRefused: string;
}
export interface Approval {
  id: string;
  status: string;
  order: { kind: string; id: string };
  revision: number;
  summary: string;
  requesterId: string;
  decidedBy: string;
}
export interface Payout {
  id: string;
  status: string;
  gross: Money;
  commission: Money;
  net: Money;
  reason: string;
  dueTime?: string;
}
export interface Statement {
  entries: { type: string; orderId: string; amount: Money; balance: Money; dueTime?: string }[];
  balance: Money;
  held: Money;
}

/** So many minutes from now, on the second, as REST prints instants. */
export const inMinutes = (minutes: number): string =>
  new Date((Math.floor(Date.now() / 1_000) + minutes * 60) * 1_000).toISOString().replace('.000', '');

let sellers = 0;

/** The people of tutoring's story, with a seller and a buyer of their own, whose time nobody else takes, and what they do there. */
export function tutoring(place: Place) {
  const seller = person(place, `teacher-${process.pid}-${++sellers}:seller`);
  const buyer = person(place, `pupil-${process.pid}-${sellers}:customer`);
  const admin = person(place, 'admin');

  const lesson = (id: string, by: Pick<Person, 'get'> = seller): Promise<Lesson> =>
    ok(by.get<Lesson>(`/v1/tutoring/lessons/${id}`));
  const purchase = (id: string, by: Person = buyer): Promise<Purchase> =>
    ok(by.get<Purchase>(`/v1/tutoring/purchases/${id}`));
  const payment = (id: string): Promise<Payment> => ok(admin.get<Payment>(`/v1/payments/${id}`));
  const payoutsOf = async (by: Person): Promise<Payout[]> =>
    (await ok(by.get<{ payouts: Payout[] }>('/v1/payouts?page_size=200'))).payouts;
  const payout = async (id: string): Promise<Payout | undefined> =>
    (await payoutsOf(seller)).find((each) => each.id === id);
  const order = (id: string, by: Person): Promise<Order> => ok(by.get<Order>(`/v1/orders/${id}`));

  const request = (minutes: readonly number[] = [600], more: object = {}): Promise<Answer<Lesson>> =>
    seller.post<Lesson>('/v1/tutoring/lessons', {
      ...{
        title: '수학 · Maths',
        description: 'Calculus',
        price: krw(50_005),
        minutes: 50,
        start_times: minutes.map(inMinutes),
      },
      ...more,
    });
  /** The request for the lesson's sale, once an administrator has it before him. */
  const approvalOf = async (id: string, revision = 1): Promise<Approval> => {
    const read = () => ok(admin.get<{ approvals: Approval[] }>('/v1/approvals?kind=tutoring.lesson&page_size=200'));
    const isIt = (each: Approval): boolean => each.order.id === id && each.revision === revision;
    return (await eventually(read, ({ approvals }) => approvals.some(isIt))).approvals.find(isIt)!;
  };
  const decide = (
    approvalId: string,
    verb: 'approve' | 'reject',
    by = admin,
    body: object = verb === 'reject' ? { text: 'too vague' } : {},
  ) => by.post<Approval>(`/v1/approvals/${approvalId}:${verb}`, body);
  const buy = (of: Lesson, by: Person = buyer, startTime = of.startTimes[0], key = v7()): Promise<Answer<Purchase>> =>
    by.post<Purchase>(
      '/v1/tutoring/purchases',
      { lesson_id: of.id, start_time: startTime },
      { 'idempotency-key': key },
    );
  const reaches = (id: string, status: string, withinMs?: number): Promise<Purchase> =>
    becomes(() => purchase(id), { status }, withinMs);

  const released = (id: string): Promise<unknown> =>
    eventually(
      () => place.rows('payout', `select from payout where id = $1 and (state ->> 'released')::boolean`, id),
      (found) => found.length === 1,
    );

  return {
    ...{
      seller,
      buyer,
      admin,
      lesson,
      purchase,
      payment,
      payout,
      order,
      request,
      approvalOf,
      decide,
      buy,
      reaches,
      released,
    },

    /** A lesson that can be bought, at these minutes from now. */
    async onSale(minutes?: readonly number[]): Promise<Lesson> {
      const { id } = await ok(request(minutes));
      await ok(decide((await approvalOf(id)).id, 'approve'));
      return becomes(() => lesson(id), { status: 'ON_SALE' });
    },

    /** A purchase that is paid, and whose lecture is scheduled. */
    async bought(of: Lesson, startTime?: string): Promise<Purchase> {
      const { id } = await ok(buy(of, buyer, startTime));
      return reaches(id, 'READY');
    },

    /** The lecture of a purchase is held: its time has come, both are there, and the seller ends it. */
    async taught(id: string): Promise<void> {
      for (const by of [seller, buyer]) await ok(by.post(`/v1/lectures/${id}:join`, {}));
      await startComes(place, id);
      await ok(seller.post(`/v1/lectures/${id}:end`, {}));
      await reaches(id, 'COMPLETED');
    },

    /** The planned end of a lecture, and the hold after it, pass at once: its payout is due. */
    async holdPasses(id: string): Promise<void> {
      await released(id);
      await place.rows('payout', `update payout set state = state || '{"due": 0}' where id = $1`, id);
      await place.rows('payout', `update timer set due_at = now() where aggregate_id = $1 and name = 'due'`, id);
    },

    cancel: (id: string, by: Person = buyer): Promise<Answer<Purchase>> =>
      by.post<Purchase>(`/v1/tutoring/purchases/${id}:cancel`, {}),
    /** Unless there is one: it may be set a few times an hour only. */
    async registerAccount(): Promise<void> {
      const path = '/v1/payout-accounts/me';
      if ((await seller.get(path)).status === 404)
        await ok(seller.put(path, { bank: '국민', number: '123-456-7890', holder: '김선생' }));
    },
    paidOut: (id: string, status: string, withinMs?: number): Promise<Payout> =>
      eventually(
        () => payout(id),
        (each) => each?.status === status,
        withinMs,
      ) as Promise<Payout>,
    statement: (): Promise<Statement> => ok(seller.get<Statement>('/v1/payout-accounts/me/statement?page_size=200')),
    provider: (mode: ProviderMode): Promise<unknown> =>
      ok(admin.post('/v1/sandbox/payment-provider', { mode, delay_ms: 0 })),
    bank: (mode: ProviderMode): Promise<unknown> => ok(admin.post('/v1/sandbox/bank', { mode, delay_ms: 0 })),

    /** What the buyer is out of pocket in the provider's books; fails when one order was charged twice. */
    async paid(orderId: string): Promise<number> {
      const { entries } = await ok(
        admin.get<{ entries: LedgerEntry[] }>(`/v1/sandbox/payment-provider/ledger?order_id=${orderId}`),
      );
      if (entries.filter(({ type }) => type === 'CHARGE').length > 1)
        throw new Error(`charged twice: ${JSON.stringify(entries)}`);
      return entries.reduce((sum, { type, amount }) => sum + (type === 'CHARGE' ? 1 : -1) * Number(amount.units), 0);
    },
    /** Each transfer for an order in the bank's own books. */
    async transfers(orderId: string): Promise<number[]> {
      const { entries } = await ok(
        admin.get<{ entries: { amount: Money }[] }>(`/v1/sandbox/bank/ledger?order_id=${orderId}`),
      );
      return entries.map(({ amount }) => Number(amount.units));
    },
  };
}
