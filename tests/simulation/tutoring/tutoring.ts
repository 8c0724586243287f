import { v7 } from 'uuid';
import { krw } from '#kernel/money.ts';
import { toProto } from '#adapters/grpc/money.ts';
import type { Caller } from '#adapters/grpc/rpc.ts';
import type { Approval } from '../../../services/approval/approval.ts';
import { service as approvalService } from '../../../services/approval/main.ts';
import { service as lectureService } from '../../../services/lecture/main.ts';
import type { Lesson } from '../../../services/tutoring/lesson.ts';
import { service as tutoringService } from '../../../services/tutoring/main.ts';
import { startTimeClaim } from '../../../services/tutoring/process.ts';
import type { Purchase } from '../../../services/tutoring/purchase.ts';
import { answered, order, type Act, type Business, type Play } from '../history.ts';
import { booksOf } from '../invariants.ts';
import type { World } from '../world.ts';
import { beyond, shown, withLimits } from '../limited.ts';
import { sellersBooks } from './books.ts';
import { bankOf, payout, payoutsIn } from './payout.ts';
import { planted } from './planted.ts';

type Made = Exclude<Purchase, { status: 'none' }>;

const seller: Caller = { id: v7(), roles: ['seller'] };
const admin: Caller = { id: v7(), roles: ['admin'] };
const buyers: readonly Caller[] = Array.from({ length: 3 }, () => ({ id: v7(), roles: ['customer'] as const }));
const price = krw(50_005);
/** Two whose rooms are open at once, and one that is far away. */
const inMinutes = [5, 8, 8_000] as const;

const mostUnpaid = 1;

export const tutoring: Business = {
  name: 'tutoring',
  order: 'purchase',
  services: [withLimits(tutoringService, { JARI_UNPAID_PER_CUSTOMER: mostUnpaid }), approvalService, lectureService, payout],
  planted,
  waitsForPerson: ({ world }, aggregate, lessonId) =>
    aggregate === 'lesson' && world.stored<Lesson>('tutoring', 'lesson').some(({ id, state }) => id === lessonId && state.status === 'sale-requested' && !state.approved),
  async open(play) {
    const startTimes = inMinutes.map((minutes) => new Date(play.world.now + minutes * 60_000));
    const offer = { title: 'T', description: '', price: toProto(price), minutes: 50, startTimes };
    const { id: lessonId } = await answered<{ id: string }>(play.world.call('tutoring', 'createLesson', offer, seller));
    while (!approvals(play).length) await play.world.step('stands');
    await answered(play.world.call('approval', 'approveApproval', { approvalId: approvals(play)[0]!.id }, admin));
    if (play.world.choices.pick(2)) await answered(registerAccount(play));
    return () => acts(play, lessonId, startTimes);
  },
  wrongNow(play) {
    const unpaid = purchases(play).filter(({ state }) => ['requested', 'payment-pending'].includes(state.status));
    return beyond(play, 'tutoring', 'unpaid', unpaid.map(({ id, state }) => ({ id, of: state.terms.buyerId })), mostUnpaid);
  },
  broken: (play) => [
    ...purchases(play).flatMap(({ id, state }) => booksOf(play, id, state.status, netDue(state))),
    ...startTimesOf(play),
    ...lessonsAtRest(play),
    ...sellersBooks(play, purchases(play)),
  ],
};

const purchases = ({ world }: Play): { id: string; state: Made }[] =>
  world.stored<Purchase>('tutoring', 'purchase').flatMap(({ id, state }) => (state.status === 'none' ? [] : [{ id, state }]));

const approvals = ({ world }: Play) => world.stored<Approval>('approval', 'approval');

const registerAccount = ({ world }: Play) => world.call('payout', 'putPayoutAccount', { bank: 'B', number: '123-456', holder: 'H' }, seller);

/** The seller finds out that it was the wrong account before the bank does. */
async function correctsAccount(play: Play): Promise<void> {
  await registerAccount(play);
  bankOf(play.world).mode = 'DECLINING';
  await aWhile(play.world);
}

/** The bank has been asked, and nobody knows its answer. */
const isSending = ({ world }: Play): boolean => payoutsIn(world).some(({ state }) => state.status === 'sending');

function acts(play: Play, lessonId: string, startTimes: readonly Date[]): readonly Act[] {
  const { world } = play;
  const { choices } = world;
  const made = purchases(play);
  const common: readonly Act[] = [
    () => buy(play, lessonId, startTimes),
    () => (choices.pick(4) ? decide(play) : world.call('tutoring', 'updateLesson', { lessonId, title: `T${choices.pick(3)}`, startTimes: [] }, seller)),
    () => (choices.pick(2) ? registerAccount(play) : bankChanges(play)),
    () => (isSending(play) ? correctsAccount(play) : aWhile(world)),
    () => aWhile(world),
  ];
  if (!made.length) return common;
  const { id, state } = made[choices.pick(made.length)]!;
  const cancels: Act = () => world.call('tutoring', 'cancelPurchase', { purchaseId: id }, buyerOf(state));
  return [...common, cancels, cancels, () => meet(play), () => meet(play)];
}

const buyerOf = ({ terms }: Made): Caller => buyers.find(({ id }) => id === terms.buyerId)!;

/** Now and then the buyer thinks better of it at once. */
async function buy(play: Play, lessonId: string, startTimes: readonly Date[]): Promise<void> {
  const { world, accepted } = play;
  const { choices } = world;
  const buyer = buyers[choices.pick(buyers.length)]!;
  await order(play, 'tutoring', 'createPurchase', { lessonId, startTime: startTimes[choices.pick(startTimes.length)], ...shown(play, price) }, buyer);
  if (accepted.length && choices.once(4)) await world.call('tutoring', 'cancelPurchase', { purchaseId: accepted.at(-1) }, buyer);
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
  return play.world.call('approval', choices.pick(3) ? 'approveApproval' : 'rejectApproval', { approvalId, text: 'no' }, admin);
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
    if (which !== 1) await world.call('lecture', 'joinLecture', { lectureId }, seller);
    if (which !== 2) await world.call('lecture', 'joinLecture', { lectureId }, buyerOf(state));
    if (which === 3) await world.call('lecture', 'endLecture', { lectureId }, seller);
  }
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
  return purchases(play).flatMap(({ id, state }) => {
    const { key } = startTimeClaim(state.terms);
    const isHeld = state.status === 'completed';
    const isSoldTwice = isHeld && owners.has(key);
    if (isHeld) owners.set(key, id);
    return [
      ...(isSoldTwice ? [`4: ${key} was sold twice`] : []),
      ...(isHeld === (claims.get(key) === id) ? [] : [`4: ${id} is ${state.status}, and ${isHeld ? 'has not' : 'still has'} ${key}`]),
    ];
  });
}

/** 6: a lesson waits for an administrator alone; what was decided of the current revision has become of it. */
const lessonsAtRest = (play: Play): string[] =>
  play.world.stored<Lesson>('tutoring', 'lesson').flatMap(({ id, state }) => {
    if (state.status === 'none') return [];
    const current = approvals(play).find(({ state: each }) => each.status !== 'none' && each.subject.revision === state.revision)?.state.status;
    const due = { pending: 'sale-requested', approved: 'on-sale', rejected: 'sale-rejected' }[current as 'pending'] ?? 'an approval';
    return due === state.status ? [] : [`6: ${id} hangs as ${state.status} and should be ${due}`];
  });
