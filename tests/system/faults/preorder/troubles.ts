import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../kit/eventually.ts';
import { isUnavailable, type Answer } from '../../kit/people.ts';
import { preordering } from '../../kit/preorder.ts';
import type { Injector } from '../injector.ts';
import { wishes, type Outcome } from '../journal.ts';
import type { Native } from '../native.ts';
import { slowTable } from '../slow-table.ts';
import type { Run } from '../under-load.ts';

/** kill -9 of preorder's and inventory's replicas, so many in all, two at a time: now and then nobody of either is left. */
export const kills = ({ replicasOf }: Native, { storm }: Injector, strikes: number): Promise<void> =>
  storm({ strikes, parts: ['preorder', 'inventory'].flatMap(replicasOf), lanes: 2, pauseMs: 100 });

/** Inventory is stopped as it stands, with all its replicas: it takes calls on, and answers none. */
export const silentInventory = (place: Native, { freeze }: Injector, ms: number): Promise<string[]> =>
  whileSick(
    place,
    ms,
    async () => void (await Promise.all(place.replicasOf('inventory').map((name) => freeze(name, ms)))),
  );

/** Inventory shows its phones as ever, and takes longer to hold one than anybody waits. */
export const slowInventory = (place: Native, ms: number): Promise<string[]> =>
  whileSick(place, ms, async () => {
    const quickAgain = await slowTable(place, 'inventory', 'product', 1_200);
    await pause(ms);
    await quickAgain();
  });

/** So long it takes at most until preorder knows: it has waited for inventory, and several times in vain. */
const untilKnownMs = 2_500;
const atOnceMs = 100;

interface Asked {
  afterMs: number;
  answer: Answer;
  waitedMs: number;
}

/**
 * Customers of a phone of their own, while inventory is sick: once preorder knows, each must hear at once to come again, nothing of it may
 * be kept, and afterwards they must be served without anybody's doing. Answers with what was not so.
 */
async function whileSick(place: Native, ms: number, sick: () => Promise<void>): Promise<string[]> {
  const { newPhone, newTown, ask, product } = preordering(place);
  const [phone, { location }] = [await newPhone(1_000), await newTown({ kilometres: 1 })];
  const apply = (): Promise<Answer> => ask(phone, { location });
  const [asked] = await Promise.all([askedFor(ms - 1_000, apply), sick()]);
  const isServed = await comes(apply, ({ status }) => status === 200);
  const sold = asked.filter(({ answer: { status } }) => status === 200).length + Number(isServed);
  const isWhole = await comes(
    () => product(phone.id),
    ({ held }) => held === sold,
  );
  const made = await place.rows(
    'preorder',
    `select from preorder where made and state #>> '{booking,productId}' = $1`,
    phone.id,
  );
  const knowing = asked.filter(({ afterMs }) => afterMs >= untilKnownMs);
  const unclear = knowing.filter(({ answer }) => !isUnavailable(answer));
  const waits = knowing.map(({ waitedMs }) => waitedMs).sort((a, b) => a - b);
  const usual = waits[Math.floor(waits.length / 2)] ?? 0;
  return [
    ...(knowing.length < 8 ? [`only ${knowing.length} asked`] : []),
    ...unclear.map(({ answer: { status, body } }) => `answered ${status}: ${JSON.stringify(body)}`),
    // Now and then one finds out whether it is well again, and a busy machine holds others up.
    ...(usual > atOnceMs
      ? [`most of ${knowing.length} waited for more than ${atOnceMs} ms: ${waits.map(Math.round).join()}`]
      : []),
    ...(made.length === sold ? [] : [`${made.length} pre-orders were made, and ${sold} customers told of one`]),
    ...(isServed ? [] : ['nobody was served after it']),
    ...(isWhole ? [] : ['stock leaked']),
  ];
}

/** One asks every now and then, for so long. */
async function askedFor(ms: number, ask: () => Promise<Answer>): Promise<Asked[]> {
  const began = performance.now();
  const asked: Promise<Asked>[] = [];
  for (; performance.now() < began + ms; await pause(40)) {
    const at = performance.now();
    asked.push(ask().then((answer) => ({ afterMs: at - began, answer, waitedMs: performance.now() - at })));
  }
  return Promise.all(asked);
}

/** Whether it does, by itself, in good time; it may not be answered at first. */
async function comes<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<boolean> {
  const found = await eventually(
    () => read().catch(() => undefined),
    (value) => value !== undefined && holds(value),
  ).catch(() => undefined);
  return found !== undefined;
}

/** Those who applied while a fault lasted, and were accepted at their first call, or not answered by it. */
export function appliedDuring({ faults, snapshot }: Run): { accepted: number; notAtOnce: number } {
  const during = wishes(snapshot.journal).filter(({ at }) =>
    faults.some((fault) => fault.at <= at && at <= fault.at + 1_000 * fault.seconds),
  );
  const firstly = (how: Outcome['is']): number =>
    during.filter(({ outcomes: [first] }) => first?.outcome.is === how).length;
  return { accepted: firstly('accepted'), notAtOnce: firstly('unknown') };
}

/** Kills that found an application under way. */
export const killsAmid = ({ faults, snapshot }: Run): number =>
  faults.filter((fault) =>
    wishes(snapshot.journal).some(({ outcomes }) =>
      outcomes.some(({ at, ms }) => at - ms <= fault.at && fault.at <= at),
    ),
  ).length;
