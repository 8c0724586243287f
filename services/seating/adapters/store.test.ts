import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { dateAt, minutes } from '#kernel/time.ts';
import { command, event } from '#adapters/bus/messages.ts';
import { RpcError, reasonOf } from '#adapters/rpc/errors.ts';
import { toProto } from '#adapters/rpc/money.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { handleWith } from '#adapters/service/handling.ts';
import type { ServiceParts } from '#adapters/service/service.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { PaymentCompleted, PaymentDeclined } from '#proto/jari/payment/v1/messages.ts';
import {
  SeatSelection_Status as Status,
  type ListSeatSelectionsResponse,
  type SeatSelection,
} from '#proto/jari/seating/v1/seating.ts';
import { CafeChanged, SeatHeld, SeatRefused } from '#proto/jari/studycafe/v1/messages.ts';
import { service } from '../main.ts';
import { at, cafe, end, start } from '../testing/sample.ts';

let on: TestStore;
let plugged: ServiceParts;
let hear: (message: ReturnType<typeof event>) => Promise<void>;
const sent: string[] = [];
const [cafeId, seatId] = [newId(), newId()];

beforeAll(async () => {
  on = await testStore(service);
  plugged = service.plug({
    ...{ store: on.store, now: () => at, log: pino({ level: 'silent' }), development: false },
    staffRolesOf: async () => undefined,
    send: async (...messages) => void sent.push(...messages.map(({ type }) => type)),
    settings: {
      JARI_PAYMENT_ANSWER_SECONDS: 10,
      JARI_SEATING_PAYMENT_SECONDS: 600,
      JARI_ASK_AGAIN_SECONDS: 300,
      JARI_SEATING_UNPAID_PER_CUSTOMER: 3,
    },
  });
  const handle = handleWith(on.store, service.name, plugged.subscriptions);
  hear = (message) => handle(envelopeFor(message, 'studycafe'));
  await plugged.start?.();
  expect([sent, await plugged.waitsFor?.()]).toEqual([['jari.studycafe.v1.RepublishCafes'], 'cafes from studycafe']);
  await hearCafe(1);
});
afterAll(() => on.close());

const hearCafe = (version: number, price = 2_000, closed = false) =>
  hear(
    event('jari.studycafe.v1.CafeChanged', CafeChanged, cafeId, {
      cafe: {
        ...cafe,
        cafeId,
        address: '',
        pricePerHour: toProto(krw(price)),
        seats: [{ seatId, label: '14' }],
        version: BigInt(version),
        closed,
      },
    }),
  );
const ask = async <Response>(method: string, request: object, caller: Caller): Promise<Response> => {
  const found = plugged.rpc[0]!.methods.find(({ name }) => name === method)!.implementation;
  if (found.kind === 'stream') throw new Error('no stream here');
  if (found.kind === 'query') return (await found.run(request as never, caller)) as Response;
  const updated = await found.run(request as never, caller);
  if (updated.accepted) return found.answer(updated.after) as Response;
  const refusal = found.refusals[updated.refusal]!;
  throw new RpcError(refusal.code, reasonOf(updated.refusal), refusal.text);
};
const somebody = (): Caller => ({ id: newId(), roles: ['customer'] });
const wish = { cafeId, seatId, startTime: new Date(start), endTime: new Date(end) };
const select = (by: Caller, more: object = {}) => ask<SeatSelection>('createSeatSelection', { ...wish, ...more }, by);
const see = (seatSelectionId: string, by: Caller) => ask<SeatSelection>('getSeatSelection', { seatSelectionId }, by);
const failure = (asked: Promise<unknown>): Promise<RpcError> =>
  asked.then(
    () => Promise.reject(new Error('it was answered')),
    (error: RpcError) => error,
  );
const order = (id: string) => ({ kind: 'seating.selection', id });
const told = async (id: string) =>
  (await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.split('.').at(-1));

describe('a selection', () => {
  test('is kept at the price of the moment, whatever the cafe asks for later (C1)', async () => {
    const mina = somebody();
    const { id } = await select(mina);
    await hearCafe(2, 9_000);
    expect(await see(id, mina)).toMatchObject({
      ...wish,
      status: Status.SELECTED,
      total: toProto(krw(4_000)),
      customerId: mina.id,
      reason: '',
    });
    expect(await select(mina)).toMatchObject({ total: toProto(krw(18_000)) });
    await hearCafe(3);
  });
  test('is its customer’s alone, and everybody’s who sees all', async () => {
    const mina = somebody();
    const { id } = await select(mina);
    expect(await see(id, { id: newId(), roles: ['agent'] })).toMatchObject({ id });
    for (const method of ['getSeatSelection', 'cancelSeatSelection', 'previewCancellation'])
      expect(await failure(ask(method, { seatSelectionId: id }, somebody()))).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('is listed, the newest first, by its status (C5)', async () => {
    const mina = somebody();
    const [first, second] = [await select(mina), await select(mina)];
    const list = async (status: Status, by = mina) =>
      (await ask<ListSeatSelectionsResponse>('listSeatSelections', { status, pageSize: 50, pageToken: '' }, by))
        .seatSelections;
    await hear(event('jari.studycafe.v1.SeatHeld', SeatHeld, first.id, { order: order(first.id), version: 1n }));
    expect((await list(Status.STATUS_UNSPECIFIED)).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await list(Status.HELD)).map(({ id }) => id)).toEqual([first.id]);
    expect(await list(Status.HELD, somebody())).toEqual([]);
    expect((await list(Status.HELD, { id: newId(), roles: ['admin'] })).map(({ id }) => id)).toContain(first.id);
  });
  test('of a seat or a cafe that nobody knows is not found, and nothing is stored', async () => {
    const mina = somebody();
    for (const more of [{ cafeId: newId() }, { seatId: newId() }])
      expect(await failure(select(mina, more))).toMatchObject({ code: 'NOT_FOUND', reason: 'NO_SUCH_SEAT' });
    expect((await on.database.pool.query('select from selection where customer_id = $1', [mina.id])).rowCount).toBe(0);
  });
  test('at a wrong time is refused with all that is wrong at once', async () => {
    const { code, fields } = await failure(
      select(somebody(), { startTime: new Date(at - 1), endTime: new Date(at + minutes(1)) }),
    );
    expect([code, fields.map(({ field }) => field)]).toEqual([
      'INVALID_ARGUMENT',
      ['start_time', 'end_time', 'start_time'],
    ]);
    const { fields: ahead } = await failure(
      select(somebody(), {
        startTime: new Date(start + minutes(365 * 24 * 60)),
        endTime: new Date(end + minutes(365 * 24 * 60)),
      }),
    );
    expect(ahead).toEqual([
      {
        field: 'start_time',
        description: `must be on ${dateAt(at + minutes(180 * 24 * 60), 'Asia/Seoul')} or earlier`,
      },
    ]);
  });
});

describe('unpaid selections of one customer', () => {
  test('are three at most, even of twenty made at once; each that is over makes room for another', async () => {
    const mina = somebody();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        select(mina).then(
          ({ id }) => id,
          (error: RpcError) => `${error.code} ${error.reason}`,
        ),
      ),
    );
    const [first, second, third] = outcomes.filter((outcome) => !outcome.includes(' '));
    expect(outcomes.filter((outcome) => outcome === 'RESOURCE_EXHAUSTED TOO_MANY_HOLDS')).toHaveLength(17);

    await hear(
      event('jari.studycafe.v1.SeatRefused', SeatRefused, first!, {
        order: order(first!),
        version: 1n,
        reason: 'SEAT_TAKEN',
      }),
    );
    await select(mina);
    expect(await failure(select(mina))).toMatchObject({ reason: 'TOO_MANY_HOLDS' });

    await hear(event('jari.studycafe.v1.SeatHeld', SeatHeld, second!, { order: order(second!), version: 1n }));
    expect(await failure(select(mina))).toMatchObject({ reason: 'TOO_MANY_HOLDS' });
    await hear(
      event('jari.payment.v1.PaymentCompleted', PaymentCompleted, second!, {
        order: order(second!),
        version: 1n,
        amount: undefined,
      }),
    );
    await select(mina);

    await ask('cancelSeatSelection', { seatSelectionId: third }, mina);
    const last = await select(mina);
    await hear(event('jari.studycafe.v1.SeatHeld', SeatHeld, last.id, { order: order(last.id), version: 1n }));
    await hear(
      event('jari.payment.v1.PaymentDeclined', PaymentDeclined, last.id, {
        order: order(last.id),
        version: 1n,
        reason: 'CARD_DECLINED',
        reasonText: 'no',
      }),
    );
    expect(await see(last.id, mina)).toMatchObject({
      status: Status.PAYMENT_FAILED,
      reason: 'CARD_DECLINED',
      reasonText: 'no',
    });
    await select(mina);
    expect(await failure(select(mina))).toMatchObject({ reason: 'TOO_MANY_HOLDS' });
    expect(new Set(await told(last.id))).toEqual(
      new Set([
        'SelectionMade',
        'HoldSeat',
        'SelectionHeld',
        'RequestPayment',
        'SelectionPaymentFailed',
        'ReleaseSeat',
      ]),
    );
  });
  test('are no concern of another’s', async () => {
    for (const each of [somebody(), somebody()])
      for (let count = 0; count < 3; count++) await expect(select(each)).resolves.toBeDefined();
  });
});

test('what is told of somebody else’s order changes nothing here', async () => {
  const id = newId();
  await hear(
    command('jari.payment.v1.PaymentCompleted', PaymentCompleted, id, {
      order: { kind: 'lodging.reservation', id },
      version: 1n,
      amount: undefined,
    }),
  );
  expect((await on.database.pool.query('select from selection where id = $1', [id])).rowCount).toBe(0);
});
