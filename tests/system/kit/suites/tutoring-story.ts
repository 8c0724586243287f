import { expect, test } from '@jest/globals';
import { issueToken } from '#adapters/auth/token.ts';
import { becomes, eventually } from '../eventually.ts';
import { startComes } from '../lecture.ts';
import { krw } from '../lodging.ts';
import { nobody, ok, person, refusalOf, type Person } from '../people.ts';
import type { Place } from '../place.ts';
import { inMinutes, tutoring, type Approval, type Lesson, type Purchase } from '../tutoring.ts';

const net = 45_005; // 50,005 less a commission of 5,000, rounded in the seller's favour

/** Tutoring's requirements T1–T10, T13, T14 as its people meet them, by REST and by what the provider and the bank have in their books. */
export function tutoringStory(place: Place): void {
  test('a seller asks for the sale, an administrator approves, the lesson is registered, and only then can it be bought (T4, T5, T6)', async () => {
    const { seller, request, approvalOf, decide, lesson, buy, order, admin } = tutoring(place);
    const made = await ok(request([600, 700]));
    expect(made).toMatchObject({ status: 'SALE_REQUESTED', sellerId: seller.id, revision: 1 });
    expect(refusalOf(await buy(made))).toMatchObject({ status: 400, reason: 'NOT_ON_SALE' });
    expect(await nobody(place).get(`/v1/tutoring/lessons/${made.id}`)).toMatchObject({ status: 404 });
    const approval = await approvalOf(made.id);
    expect(approval).toMatchObject({ status: 'PENDING', requesterId: seller.id, revision: 1 });
    expect(approval.summary).toContain('수학 · Maths');
    expect(await ok(decide(approval.id, 'approve'))).toMatchObject({ status: 'APPROVED', decidedBy: admin.id });
    await becomes(() => lesson(made.id), { status: 'ON_SALE' });
    expect(await lesson(made.id, nobody(place))).toMatchObject({ freeStartTimes: made.startTimes });
    await becomes(() => order(made.id, seller), { status: 'ON_SALE', phase: 'ACTIVE' });
    expect(await order(made.id, admin)).toMatchObject({ order: { kind: 'tutoring.lesson' } });
  });

  test('a rejected lesson says why; the first decision stands; a better one is asked for again (T5)', async () => {
    const { seller, request, approvalOf, decide, lesson } = tutoring(place);
    const { id } = await ok(request());
    const approval = await approvalOf(id);
    expect(refusalOf(await decide(approval.id, 'reject', undefined, {}))).toMatchObject({
      status: 400,
      fields: ['text'],
    });
    await ok(decide(approval.id, 'reject'));
    const other = await decide(approval.id, 'approve', person(place, 'second-admin:admin'));
    expect(refusalOf(other)).toMatchObject({ status: 400, code: 9, reason: 'ALREADY_DECIDED' });
    expect((other.body as unknown as { message: string }).message).toContain('rejected by');
    await becomes(() => lesson(id), { status: 'SALE_REJECTED', reason: 'REJECTED_BY_ADMIN', reasonText: 'too vague' });
    const path = `/v1/tutoring/lessons/${id}`;
    expect(await ok(seller.patch<Lesson>(path, { title: 'Algebra', update_mask: 'title' }))).toMatchObject({
      status: 'SALE_REQUESTED',
      revision: 2,
    });
    await ok(decide((await approvalOf(id, 2)).id, 'approve'));
    await becomes(() => lesson(id), { status: 'ON_SALE', title: 'Algebra', revision: 2 });
  });

  test('an edited lesson is reviewed again, and what was bought of it stays as bought (T5)', async () => {
    const { seller, onSale, bought, lesson, purchase, request, approvalOf, buy } = tutoring(place);
    const sold = await onSale([600, 700]);
    const { id } = await bought(sold);
    const path = `/v1/tutoring/lessons/${sold.id}`;
    await ok(seller.patch(path, { start_times: [...sold.startTimes, inMinutes(800)] }));
    expect(await lesson(sold.id)).toMatchObject({
      status: 'ON_SALE',
      revision: 1,
      freeStartTimes: [sold.startTimes[1], expect.any(String)],
    });
    await ok(seller.patch(path, { price: { currency_code: 'KRW', units: '60000' } }));
    expect(await lesson(sold.id)).toMatchObject({ status: 'SALE_REQUESTED', revision: 2 });
    await ok(seller.patch(path, { minutes: 1 }));
    expect(await lesson(sold.id)).toMatchObject({ status: 'SALE_REQUESTED', revision: 3 });
    expect(refusalOf(await buy(sold, undefined, sold.startTimes[1]))).toMatchObject({ reason: 'NOT_ON_SALE' });
    expect(await purchase(id)).toMatchObject({ status: 'READY', minutes: 50, price: { units: '50005' } });
    expect(await ok(seller.post(`${path}:withdraw`, {}))).toMatchObject({ status: 'WITHDRAWN' });
    expect(refusalOf(await seller.patch(path, { title: 'x' }))).toMatchObject({ reason: 'LESSON_WITHDRAWN' });
    for (const revision of [2, 3]) await becomes(() => approvalOf(sold.id, revision), { status: 'WITHDRAWN' });
    expect(refusalOf(await request([-5]))).toMatchObject({ status: 400, code: 3, fields: ['start_times'] });
  });

  test('a purchase is paid, the payout of the price less the commission is held, the lecture is scheduled; both see it (T1, T2, T3, T7, T10, T13)', async () => {
    const {
      seller,
      buyer,
      onSale,
      registerAccount,
      bought,
      paid,
      paidOut,
      transfers,
      purchase,
      order,
      statement,
      lesson,
    } = tutoring(place);
    await registerAccount();
    const sold = await onSale([600, 700]);
    const { id } = await bought(sold);
    expect(await paid(id)).toBe(50_005);
    const held = await paidOut(id, 'HELD');
    expect(held).toMatchObject({
      gross: { units: '50005' },
      commission: { units: '5000' },
      net: { units: String(net) },
      reason: '',
    });
    expect(Date.parse(held.dueTime ?? '')).toBeGreaterThan(Date.parse(sold.startTimes[0]!) + 50 * 60_000);
    expect(await transfers(id)).toEqual([]);
    const entry = { type: 'EARNED', amount: { units: String(net) }, dueTime: held.dueTime };
    expect(await statement()).toMatchObject({
      balance: { units: String(net) },
      held: { units: String(net) },
      entries: [entry],
    });
    expect(await ok(buyer.get(`/v1/lectures/${id}`))).toMatchObject({ status: 'SCHEDULED', lessonId: sold.id });
    expect(await purchase(id, seller)).toMatchObject({ status: 'READY' });
    for (const by of [buyer, seller])
      await becomes(() => order(id, by), { status: 'READY', phase: 'ACTIVE', paymentStatus: 'COMPLETED' });
    expect(await person(place, 'stranger').get(`/v1/tutoring/purchases/${id}`)).toMatchObject({ status: 404 });
    expect((await lesson(sold.id)).freeStartTimes).toEqual([sold.startTimes[1]]);
  });

  test('a payout account is not changed by a sign-in that is not recent (I3)', async () => {
    const token = await issueToken('seller', place.key, new Date(Date.now() - 6 * 60_000));
    const account = { bank: '국민', number: '123-456-7890', holder: '김선생' };
    const put = await nobody(place).put('/v1/payout-accounts/me', account, { authorization: `Bearer ${token}` });
    expect(refusalOf(put)).toMatchObject({ status: 400, reason: 'SIGN_IN_AGAIN' });
  });

  test('once the lecture was held and the hold is over, the seller is sent the price less the commission (T3)', async () => {
    const { seller, onSale, registerAccount, bought, taught, released, payout, holdPasses, ...others } =
      tutoring(place);
    const { paidOut, transfers, statement } = others;
    await registerAccount();
    expect(await ok(seller.get('/v1/payout-accounts/me'))).toMatchObject({
      bank: '국민',
      number: '***-***-7890',
      holder: '김선생',
    });
    const { id, startTime } = await bought(await onSale([5]));
    const { dueTime } = await paidOut(id, 'HELD');
    await taught(id);
    await released(id); // the lecture ended early, and is not paid out early
    expect(await payout(id)).toMatchObject({ status: 'HELD', dueTime });
    expect(Date.parse(dueTime!)).toBeGreaterThan(Date.parse(startTime) + 50 * 60_000);
    await holdPasses(id);
    await paidOut(id, 'COMPLETED');
    expect(await transfers(id)).toEqual([net]);
    expect(await statement()).toMatchObject({
      balance: { units: '0' },
      held: { units: '0' },
      entries: [{ type: 'TRANSFERRED' }, { type: 'EARNED' }],
    });
  });

  test('without an account the payout waits, and is sent once there is one (T3)', async () => {
    const { onSale, bought, taught, holdPasses, paidOut, registerAccount, transfers } = tutoring(place);
    const { id } = await bought(await onSale([5]));
    await taught(id);
    await holdPasses(id);
    expect(await paidOut(id, 'WAITING_ACCOUNT')).toMatchObject({ reason: 'NO_ACCOUNT' });
    await registerAccount();
    await paidOut(id, 'COMPLETED');
    expect(await transfers(id)).toEqual([net]);
  });

  test('a cancelled purchase has money, payout and lecture taken back, and the start time is free again; twice is once (T8, T9)', async () => {
    const {
      seller,
      buyer,
      onSale,
      registerAccount,
      bought,
      cancel,
      paidOut,
      reaches,
      paid,
      statement,
      lesson,
      transfers,
    } = tutoring(place);
    await registerAccount();
    const sold = await onSale([600, 700]);
    const { id } = await bought(sold);
    await paidOut(id, 'HELD');
    const preview = `/v1/tutoring/purchases/${id}:cancelPreview`;
    expect(await ok(buyer.get(preview))).toMatchObject({
      paid: { units: '50005' },
      refund: { units: '50005' },
      percent: 100,
      reason: 'BEFORE_START',
    });
    expect(refusalOf(await cancel(id, seller))).toMatchObject({
      status: 400,
      reason: 'TEXT_REQUIRED',
      fields: ['text'],
    });
    const answers = await Promise.all([cancel(id), cancel(id), cancel(id)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await reaches(id, 'CANCELLED')).toMatchObject({ reason: 'CANCELLED_BY_BUYER' });
    await eventually(
      () => paid(id),
      (left) => left === 0,
    );
    await paidOut(id, 'REVERSED');
    expect(await ok(buyer.get(`/v1/lectures/${id}`))).toMatchObject({ status: 'CANCELLED' });
    expect((await lesson(sold.id)).freeStartTimes).toEqual(sold.startTimes);
    // Nothing had left: it is taken back in the books alone.
    expect([await transfers(id), (await statement()).balance.units]).toEqual([[], '0']);
  });

  test('one seller’s hour is sold once, and a buyer is at one lecture at a time: the second is refused with the reason', async () => {
    const { onSale, buy, bought, lesson, buyer } = tutoring(place);
    const [first, second] = [await onSale([600, 630]), await onSale([620])];
    await bought(first);
    for (const [of, startTime] of [
      [first, first.startTimes[1]],
      [second, second.startTimes[0]],
    ] as const)
      expect(refusalOf(await buy(of, person(place, 'late-buyer'), startTime))).toMatchObject({
        status: 400,
        code: 9,
        reason: 'START_TIME_TAKEN',
      });
    expect([(await lesson(first.id)).freeStartTimes, (await lesson(second.id)).freeStartTimes]).toEqual([[], []]);
    const other = tutoring(place);
    const elsewhere = await other.onSale([640]);
    expect(refusalOf(await other.buy(elsewhere, buyer))).toMatchObject({
      status: 400,
      code: 9,
      reason: 'OVERLAPS_OWN',
    });
    await ok(other.buy(elsewhere));
  });

  test('an administrator who is the seller decides nothing about the own lesson; another one does', async () => {
    const { approvalOf, decide } = tutoring(place);
    const both = person(place, `both-${process.pid}-${Date.now()}:seller,admin`);
    const body = { title: 'Mine', price: krw(50_000), minutes: 50, start_times: [inMinutes(600)] };
    const approval = await approvalOf((await ok(both.post<Lesson>('/v1/tutoring/lessons', body))).id);
    for (const verb of ['approve', 'reject'] as const)
      expect(refusalOf(await decide(approval.id, verb, both))).toMatchObject({
        status: 403,
        code: 7,
        reason: 'OWN_REQUEST',
      });
    await ok(decide(approval.id, 'approve'));
  });

  test('another card is charged once after a decline, and the lecture is scheduled (T2, B5)', async () => {
    const { onSale, buy, buyer, seller, order, reaches, paid } = tutoring(place);
    const add = (token: string) => ok(buyer.post<{ id: string }>('/v1/payment-methods', { token }));
    await add('tok_declined');
    const good = await add('tok_mastercard');
    const { id } = await ok(buy(await onSale()));
    for (const by of [buyer, seller])
      await becomes(() => order(id, by), {
        ...{ status: 'PAYMENT_PENDING', reason: 'CARD_DECLINED', paymentStatus: 'DECLINED' },
        ...{ next: { who: 'CUSTOMER', what: 'PAYMENT' }, deadline: expect.objectContaining({ what: 'PAY_UNTIL' }) },
      });
    const retry = (by: Person) => by.post(`/v1/payments/${id}:retry`, { payment_method_id: good.id });
    expect(refusalOf(await retry(seller))).toMatchObject({ status: 403, reason: 'NOT_PAYER' });
    expect((await Promise.all([retry(buyer), retry(buyer)])).map(({ status }) => status)).toEqual([200, 200]);
    expect(await reaches(id, 'READY')).toMatchObject({ reason: '' });
    expect(await paid(id)).toBe(50_005);
  });

  test('a declined card is told with the reason, and the start time is kept for another card; cancelled, it is free again (T14, B5)', async () => {
    const { onSale, buy, reaches, cancel, provider, paid, lesson } = tutoring(place);
    const sold = await onSale();
    await provider('DECLINING');
    try {
      const { id } = await ok(buy(sold));
      expect(await reaches(id, 'PAYMENT_PENDING')).toMatchObject({ reason: 'CARD_DECLINED' });
      expect((await lesson(sold.id)).freeStartTimes).not.toEqual(sold.startTimes);
      await ok(cancel(id));
      await reaches(id, 'CANCELLED');
      expect([await paid(id), (await lesson(sold.id)).freeStartTimes]).toEqual([0, sold.startTimes]);
    } finally {
      await provider('NORMAL');
    }
  });

  test('a lecture that both attended completes the purchase; while it is live, cancelling is refused and says why (T7, T8)', async () => {
    const { seller, buyer, onSale, bought, cancel, reaches, paid, purchase } = tutoring(place);
    const { id } = await bought(await onSale([5]));
    const path = `/v1/lectures/${id}`;
    expect(await person(place, 'stranger').post(`${path}:join`, {})).toMatchObject({ status: 404 });
    for (const by of [buyer, seller]) await ok(by.post(`${path}:join`, {}));
    expect(await ok(cancel(id))).toMatchObject({ status: 'CANCELLING' });
    await becomes(() => purchase(id), { status: 'READY', cancelRefused: 'LECTURE_LIVE' });
    expect(refusalOf(await seller.post(`${path}:end`, {}))).toMatchObject({
      status: 400,
      reason: 'LECTURE_NOT_STARTED',
    });
    await startComes(place, id);
    await ok(seller.post(`${path}:end`, {}));
    await reaches(id, 'COMPLETED');
    expect(refusalOf(await cancel(id))).toMatchObject({ status: 400, reason: 'NOT_CANCELLABLE' });
    expect(await paid(id)).toBe(50_005);
  });

  test('each sees the own lessons, purchases, approvals and payouts, and nothing of the others (T10)', async () => {
    const { seller, buyer, onSale, bought, admin } = tutoring(place);
    const { id } = await bought(await onSale());
    const stranger = person(place, `stranger-${Date.now()}:customer,seller`);
    const purchases = async (by: typeof buyer) =>
      (await ok(by.get<{ purchases: Purchase[] }>('/v1/tutoring/purchases?status=READY'))).purchases.map(
        (each) => each.id,
      );
    expect([(await purchases(buyer)).includes(id), await purchases(seller), await purchases(stranger)]).toEqual([
      true,
      [id],
      [],
    ]);
    expect(
      (await ok(seller.get<{ lessons: Lesson[] }>('/v1/tutoring/lessons?status=ON_SALE&page_size=1'))).lessons,
    ).toHaveLength(1);
    expect((await ok(stranger.get<{ payouts: unknown[] }>('/v1/payouts'))).payouts).toEqual([]);
    expect(await seller.get('/v1/approvals')).toMatchObject({ status: 403 });
    expect(
      (await ok(admin.get<{ approvals: Approval[] }>('/v1/approvals?status=APPROVED&page_size=1'))).approvals,
    ).toHaveLength(1);
    expect(await buyer.post('/v1/tutoring/lessons', {})).toMatchObject({ status: 403 });
    expect(await stranger.get('/v1/payout-accounts/me')).toMatchObject({ status: 404 });
  });
}
