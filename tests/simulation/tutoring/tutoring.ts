import { v7 } from 'uuid';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import { toProto } from '#adapters/rpc/money.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import type { Approval } from '../../../services/approval/approval.ts';
import { service as approvalService } from '../../../services/approval/main.ts';
import { service as lectureService } from '../../../services/lecture/main.ts';
import type { Lesson } from '../../../services/tutoring/lesson.ts';
import { endOf } from '../../../services/tutoring/hours.ts';
import { startTimeClaim } from '../../../services/tutoring/process.ts';
import type { Purchase } from '../../../services/tutoring/purchase.ts';
import { cancels, why } from '../cancelling.ts';
import { retries } from '../cards.ts';
import { answered, order, type Act, type Business, type Play } from '../history.ts';
import { booksOf } from '../invariants.ts';
import { beyond, shown } from '../limited.ts';
import { skewMs, type World } from '../world.ts';
import { sellersBooks } from './books.ts';
import { holdMs } from './outgoings.ts';
import { bankOf, payout, payoutsIn } from './payout.ts';
import { planted } from './planted.ts';
import { mostUnpaid, mostWaiting, tutoringService } from './service.ts';

type Made = Exclude<Purchase, { status: 'none' }>;

const sellers: readonly Caller[] = Array.from({ length: 2 }, () => ({ id: v7(), roles: ['seller'] as const }));
const admin: Caller = { id: v7(), roles: ['admin'] };
const buyers: readonly Caller[] = Array.from({ length: 3 }, () => ({ id: v7(), roles: ['customer'] as const }));
const price = krw(50_005);

/** Of each lesson: who sells it, and at which minutes. All of them but the far ones overlap with another one, of the seller or not. */
const offers: readonly { by: number; inMinutes: readonly number[] }[] = [
  { by: 0, inMinutes: [5, 30, 75, 8_000] },
  { by: 0, inMinutes: [5] },
  { by: 1, inMinutes: [8, 8_000] },
];

interface OnSale {
  lessonId: string;
  seller: Caller;
  startTimes: readonly Date[];
}

export const tutoring: Business = {
  name: 'tutoring',
  order: 'purchase',
  declinesCards: true,
  services: [tutoringService, approvalService, lectureService, payout],
  planted,
  waitsForPerson: (play, aggregate, lessonId) =>
    aggregate === 'lesson' && waiting(play).some(({ id }) => id === lessonId),
  async open(play) {
    const onSale: OnSale[] = [];
    for (const { by, inMinutes } of offers) {
      const startTimes = inMinutes.map((minutes) => new Date(play.world.now + minutes * 60_000));
      const offer = { title: 'T', description: '', price: toProto(price), minutes: 50, startTimes };
      const seller = sellers[by]!;
      const { id: lessonId } = await answered<{ id: string }>(
        play.world.call('tutoring', 'createLesson', offer, seller),
      );
      onSale.push({ lessonId, seller, startTimes });
      while (approvals(play).length < onSale.length) await play.world.step('stands');
      const approvalId = approvals(play).find(({ state }) => state.status === 'pending')!.id;
      await answered(play.world.call('approval', 'approveApproval', { approvalId }, admin));
      while (waiting(play).length) await play.world.step('stands');
    }
    for (const seller of sellers) if (play.world.choices.pick(2)) await answered(registerAccount(play, seller));
    return () => acts(play, onSale);
  },
  wrongNow(play) {
    const unpaid = purchases(play).filter(({ state }) => ['requested', 'payment-pending'].includes(state.status));
    return [
      ...beyond(
        play,
        'tutoring',
        'unpaid',
        unpaid.map(({ id, state }) => ({ id, of: state.terms.buyerId })),
        mostUnpaid,
      ),
      ...beyond(play, 'tutoring', 'waiting', waiting(play), mostWaiting),
      ...overlapping(play),
    ];
  },
  broken: (play) => [
    ...purchases(play).flatMap(({ id, state }) => booksOf(play, id, state.status, netDue(state))),
    ...startTimesOf(play),
    ...lessonsAtRest(play),
    ...sellersBooks(play, purchases(play)),
  ],
};

const purchases = ({ world }: Play): { id: string; state: Made }[] =>
  world
    .stored<Purchase>('tutoring', 'purchase')
    .flatMap(({ id, state }) => (state.status === 'none' ? [] : [{ id, state }]));

/** Lessons that wait for an administrator, and of whom. */
const waiting = ({ world }: Play): { id: string; of: string }[] =>
  world
    .stored<Lesson>('tutoring', 'lesson')
    .flatMap(({ id, state }) =>
      state.status === 'sale-requested' && !state.approved ? [{ id, of: state.sellerId }] : [],
    );

const approvals = ({ world }: Play) => world.stored<Approval>('approval', 'approval');

/** The same one, or another. */
const registerAccount = ({ world }: Play, seller: Caller) =>
  world.call(
    'payout',
    'putPayoutAccount',
    { bank: 'B', number: `123-45${world.choices.pick(2)}`, holder: 'H' },
    seller,
  );

/** The seller finds out that it was the wrong account before the bank does. */
async function correctsAccount(play: Play): Promise<void> {
  for (const seller of sellers) await registerAccount(play, seller);
  bankOf(play.world).mode = 'DECLINING';
  await aWhile(play.world);
}

/** The bank has been asked, and nobody knows its answer. */
const isSending = ({ world }: Play): boolean => payoutsIn(world).some(({ state }) => state.status === 'sending');

/** A lecture was held, and its payout waits for the end of the hold. */
const isHeld = ({ world }: Play): boolean =>
  payoutsIn(world).some(({ state }) => state.status === 'held' && state.released);

/** After the end as it was, or after the planned one. */
async function holdPasses(play: Play): Promise<void> {
  const { world } = play;
  world.now += holdMs;
  if (world.choices.pick(2))
    for (const { state } of payoutsIn(world))
      if (state.status === 'held' && state.released) world.now = Math.max(world.now, state.due);
  world.say(() => 'the hold has passed');
  for (let steps = world.choices.pick(12); steps > 0; steps--) await world.step('stands');
  if (isSending(play) && world.choices.pick(2)) await correctsAccount(play);
}

/** A payout is due, and its seller has no account yet, or one that the bank refused. */
const waitsForAccount = ({ world }: Play): boolean =>
  payoutsIn(world).some(({ state }) => state.status === 'waiting-account');

async function registersLate(play: Play): Promise<void> {
  for (const seller of sellers) await registerAccount(play, seller);
}

function acts(play: Play, onSale: readonly OnSale[]): readonly Act[] {
  const { world } = play;
  const { choices } = world;
  const made = purchases(play);
  const common: readonly Act[] = [
    () => buy(play, onSale),
    () => buy(play, onSale),
    () => (choices.pick(4) ? decide(play) : change(play, onSale[choices.pick(2)]!)),
    () => (choices.pick(2) ? registerAccount(play, sellers[choices.pick(2)]!) : bankChanges(play)),
    () =>
      isSending(play)
        ? correctsAccount(play)
        : isHeld(play)
          ? holdPasses(play)
          : waitsForAccount(play)
            ? registersLate(play)
            : aWhile(world),
    () => (waitsForAccount(play) ? registersLate(play) : aWhile(world)),
  ];
  if (!made.length) return common;
  const cancelled = ({ id, state }: { id: string; state: Made }): Act =>
    cancels(play, 'tutoring', 'cancelPurchase', { purchaseId: id }, buyerOf(state), ...sellers);
  const one = made[choices.pick(made.length)]!;
  return [
    ...common,
    cancelled(one),
    cancelled(one),
    ...retries(play, [], buyers, (orderId) => cancelled(made.find(({ id }) => id === orderId)!)()),
    ...[() => meet(play), () => meet(play), () => teach(play), () => teach(play)],
  ];
}

const buyerOf = ({ terms }: Made): Caller => buyers.find(({ id }) => id === terms.buyerId)!;

/** A lesson gets another title, or takes longer than the times between its starts. */
const change = ({ world }: Play, { lessonId, seller }: OnSale): Promise<unknown> => {
  const what = world.choices.pick(2)
    ? { title: `T${world.choices.pick(3)}` }
    : { minutes: [15, 50, 110][world.choices.pick(3)] };
  return world.call('tutoring', 'updateLesson', { lessonId, ...what, startTimes: [] }, seller);
};

/** Now and then the buyer thinks better of it at once. */
async function buy(play: Play, onSale: readonly OnSale[]): Promise<void> {
  const { world, accepted } = play;
  const { choices } = world;
  const buyer = buyers[choices.pick(buyers.length)]!;
  const { lessonId, startTimes } = onSale[choices.pick(onSale.length)]!;
  const startTime = startTimes[choices.pick(startTimes.length)];
  await order(play, 'tutoring', 'createPurchase', { lessonId, startTime, ...shown(play, price) }, buyer);
  if (accepted.length && choices.once(4))
    await world.call('tutoring', 'cancelPurchase', { purchaseId: accepted.at(-1) }, buyer);
}

/** From a purchase to its transfer it is a long way; sometimes it is gone to the end before somebody acts again. */
async function aWhile(world: World): Promise<void> {
  for (let steps = 60; steps > 0; steps--) await world.step('stands');
}

/** Of any revision, the newest more often than not. */
function decide(play: Play): Promise<unknown> {
  const { choices } = play.world;
  const all = approvals(play);
  const { id: approvalId } = all[Math.max(0, all.length - 1 - choices.pick(2))]!;
  return play.world.call(
    'approval',
    choices.pick(3) ? 'approveApproval' : 'rejectApproval',
    { approvalId, text: 'no' },
    admin,
  );
}

async function bankChanges({ world }: Play): Promise<void> {
  const bank = bankOf(world);
  bank.mode = (['NORMAL', 'DECLINING', 'LOSES_ANSWERS'] as const)[world.choices.pick(3)]!;
  world.say(() => `the bank is ${bank.mode}`);
}

/** In every room that is open the two come, or one of them; now and then the seller ends it. */
async function meet(play: Play): Promise<void> {
  const { world } = play;
  for (const { id: lectureId, state } of purchases(play)) {
    const which = world.choices.pick(4);
    const seller = sellers.find(({ id }) => id === state.terms.sellerId)!;
    if (which !== 1) await world.call('lecture', 'joinLecture', { lectureId }, seller);
    if (which !== 2) await world.call('lecture', 'joinLecture', { lectureId }, buyerOf(state));
    if (which === 3) await world.call('lecture', 'endLecture', { lectureId }, seller);
  }
}

/** The two of a lecture meet early, which its seller tries to end at once; it is held to its end, and what follows from it goes on for a while. */
async function teach(play: Play): Promise<void> {
  const { world } = play;
  const ready = purchases(play).filter(({ state }) => state.status === 'ready');
  if (!ready.length) return aWhile(world);
  const { id: lectureId, state } = ready[world.choices.pick(ready.length)]!;
  const seller = sellers.find(({ id }) => id === state.terms.sellerId)!;
  world.now = Math.max(world.now, state.terms.startTime - minutes(5));
  for (const by of [seller, buyerOf(state)]) await world.call('lecture', 'joinLecture', { lectureId }, by);
  await world.call('lecture', 'endLecture', { lectureId }, seller);
  world.now = Math.max(world.now, state.terms.startTime + skewMs);
  await world.call('lecture', 'endLecture', { lectureId }, seller);
  await aWhile(world);
  await mayRegret(play, lectureId, seller, 8);
  if (isHeld(play)) {
    await holdPasses(play);
    if (world.choices.pick(2)) await aWhile(world); // the seller is paid
  }
  await mayRegret(play, lectureId, seller, 2); // few lectures come so far
}

/** The lecture was none, as seller or administrator find: before the seller is paid, while the bank is asked, or too late. */
async function mayRegret({ world }: Play, purchaseId: string, seller: Caller, once: number): Promise<void> {
  if (!world.choices.once(once)) return;
  const by = world.choices.pick(2) ? seller : admin;
  await world.call('tutoring', 'cancelPurchase', { purchaseId, text: why }, by);
}

function netDue(state: Made): number | 'not at rest' {
  switch (state.status) {
    case 'completed':
      return state.terms.price.amount;
    case 'payment-failed':
    case 'cancelled':
      return 0;
    case 'requested':
    case 'payment-pending':
    case 'paid':
    case 'ready':
    case 'cancelling':
      return 'not at rest';
  }
}

/** 4: a start time belongs to one, and to those that took place alone. */
function startTimesOf(play: Play): string[] {
  const { claims } = play.world.services.get('tutoring')!.disk;
  const owners = new Map<string, string>();
  // What ended before its time keeps it.
  const completed = new Set(purchases(play).flatMap(({ id, state }) => (state.status === 'completed' ? [id] : [])));
  const left = [...claims].filter(([key]) => key.startsWith('seller/') || key.startsWith('buyer/'));
  return [
    ...left.filter(([, id]) => !completed.has(id)).map(([key, id]) => `4: ${id} is over, and still has ${key}`),
    ...purchases(play).flatMap(({ id, state }) => {
      const { key } = startTimeClaim(state.terms);
      const isHeld = state.status === 'completed';
      const isSoldTwice = isHeld && owners.has(key);
      if (isHeld) owners.set(key, id);
      return [
        ...(isSoldTwice ? [`4: ${key} was sold twice`] : []),
        ...(isHeld === (claims.get(key) === id)
          ? []
          : [`4: ${id} is ${state.status}, and ${isHeld ? 'has not' : 'still has'} ${key}`]),
      ];
    }),
  ];
}

const isSold = ({ state }: { state: Made }): boolean => !['payment-failed', 'cancelled'].includes(state.status);

/** 4: no two purchases of one seller, or of one buyer, overlap; one that ended early takes its time, too. */
function overlapping(play: Play): string[] {
  const sold = purchases(play).filter(isSold);
  return sold.flatMap(({ id, state: { terms } }, nth) =>
    sold.slice(nth + 1).flatMap(({ id: otherId, state: { terms: other } }) => {
      const overlap = terms.startTime < endOf(other) && other.startTime < endOf(terms);
      const who = terms.sellerId === other.sellerId ? 'seller' : terms.buyerId === other.buyerId ? 'buyer' : undefined;
      return overlap && who ? [`4: ${id} and ${otherId} overlap, and have the same ${who}`] : [];
    }),
  );
}

/** 6: a lesson waits for an administrator alone; what was decided of the current revision has become of it. */
const lessonsAtRest = (play: Play): string[] =>
  play.world.stored<Lesson>('tutoring', 'lesson').flatMap(({ id, state }) => {
    if (state.status === 'none') return [];
    const isCurrent = ({ state: each }: { state: Approval }): boolean =>
      each.status !== 'none' && each.subject.order.id === id && each.subject.revision === state.revision;
    const current = approvals(play).find(isCurrent)?.state.status;
    const due =
      { pending: 'sale-requested', approved: 'on-sale', rejected: 'sale-rejected' }[current as 'pending'] ??
      'an approval';
    return due === state.status ? [] : [`6: ${id} hangs as ${state.status} and should be ${due}`];
  });
