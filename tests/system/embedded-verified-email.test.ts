import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newTab, type Tab } from './kit/browser-session.ts';
import { embedded } from './kit/embedded.ts';
import { lodging, wish, type Reservation, type Room } from './kit/lodging.ts';
import { openMailbox } from './kit/mailbox.ts';
import { person, refusalOf, type ErrorBody } from './kit/people.ts';
import { soundRequest } from './kit/methods/all.ts';
import { signedIn } from './kit/suites/signing-in.ts';

// On `npm start` with orders for verified addresses alone, and a real mail server.
const mailbox = await openMailbox();
const jari = await embedded({ SMTP_URL: mailbox.url, JARI_VERIFIED_EMAIL: 'on' });
beforeAll(() => jari.up(), 60_000);
afterAll(async () => {
  await jari.remove();
  await mailbox.close();
}, 60_000);

const orders: readonly (readonly [string, string])[] = [
  ['LodgingService.CreateReservation', 'lodging/reservations'],
  ['SeatingService.CreateSeatSelection', 'seat-selections'],
  ['RentalService.CreateRental', 'rentals'],
  ['PreorderService.CreatePreorder', 'preorders'],
  ['TutoringService.CreatePurchase', 'tutoring/purchases'],
];
const unverified = { status: 400, code: 9, reason: 'VERIFY_FIRST' };
const refusal = async (answer: Response) =>
  refusalOf({ status: answer.status, headers: answer.headers, body: (await answer.json()) as ErrorBody });
const reserve = (tab: Tab, room: Room, key: string): Promise<Response> =>
  tab.call('POST', '/v1/lodging/reservations', wish(room, 40, 1), { 'idempotency-key': key });

describe('who has not verified the e-mail address (B7, I1)', () => {
  test('makes no order in any of the five businesses, but reads and asks for prices', async () => {
    const room = await lodging(jari).newRoom();
    const { tab } = await signedIn(jari);
    for (const [method, path] of orders) {
      const answer = await tab.call('POST', `/v1/${path}`, soundRequest(method).request, { 'accept-language': 'en' });
      expect(await refusal(answer)).toMatchObject(unverified);
    }
    expect((await tab.call('POST', '/v1/lodging/reservations:quote', wish(room, 40, 1))).status).toBe(200);
    expect((await tab.call('GET', '/v1/orders')).status).toBe(200);
    const cancel = await tab.call('POST', `/v1/lodging/reservations/${room.id}:cancel`, {});
    expect(await refusal(cancel)).toMatchObject({ status: 404 });
  }, 60_000);

  test('orders after that without a new sign-in, also by the key of a try before; the link may be opened elsewhere', async () => {
    const room = await lodging(jari).newRoom();
    const { tab, email } = await signedIn(jari);
    expect(await refusal(await reserve(tab, room, 'one-wish'))).toMatchObject(unverified);
    await tab.session();
    expect(await refusal(await reserve(tab, room, 'one-wish'))).toMatchObject(unverified);
    const link = await mailbox.linkTo(email, '/auth/verify');
    expect((await newTab(jari).submit(link, {})).status).toBe(200);
    await tab.session();
    const made = await reserve(tab, room, 'one-wish');
    expect(made.status).toBe(200);
    const { id } = (await made.json()) as Reservation;
    expect(await (await reserve(tab, room, 'one-wish')).json()).toMatchObject({ id });
  }, 60_000);

  test('is nobody whose token does not say: of the command line, or a sample person without an address', async () => {
    const { newRoom, reserve: reserveBy } = lodging(jari);
    const [room, another] = [await newRoom(), await newRoom()];
    await reserveBy(room, 40, 1, person(jari, 'by-command-line'));
    const sample = newTab(jari);
    expect((await sample.submit('/auth/sample', { name: 'guest' })).status).toBe(303);
    expect((await reserve(sample, another, 'sample')).status).toBe(200);
  }, 60_000);
});
