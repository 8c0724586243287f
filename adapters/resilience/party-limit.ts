import { NotCalled, TooManyCalls } from '#adapters/failures/failures.ts';
import { adaptive, meter, spacing } from './pace.ts';
import type { Policy } from './policy.ts';

/**
 * Who is called for, first come first. `customer`: somebody waits for the answer. `first`: the first attempt. `again`: it was tried before;
 * all of these are the backlog. `aside`: what moves nothing and can be asked for again, when nobody else waits.
 */
export type Lane = 'customer' | 'first' | 'again' | 'aside';

/** The limit on calls from one process to one outside party. */
export interface PartyLimit {
  /** The called party: `bank`. */
  readonly name: string;
  /** Most calls a second now, of all and of the backlog. Infinity: no limit. */
  perSecond(of: 'all' | 'again'): number;
  waiting(): number;
  /** Calls are about to be made that the breaker may refuse, so they take no turn. */
  asked(lane: Lane, calls: number): void;
  /** Resolves when `calls` calls may be made. Rejects with `NotCalled` when that is not soon. */
  turn(lane: Lane, calls?: number): Promise<void>;
  answered(): void;
  failed(): void;
  /** The party asked for a pause: no call until it is over. */
  refused(forMs: number): void;
}

export interface PartyLimitOptions {
  name: string;
  /** Most calls a second in all, always; 0 is no limit. */
  perSecond: number;
  /** After an outage, the party is called at most so many times as often as in the steady state. */
  recovery: number;
  /** Does not jump, unlike the clock of the day. */
  now?(): number;
  random?(): number;
}

interface Waiter {
  calls: number;
  go(): void;
  refuse(error: NotCalled): void;
}

const inOrder: readonly Lane[] = ['customer', 'first', 'again', 'aside'];
/** Nobody waits longer for a turn. Due timers are looked for once a second, so the backlog comes in heaps and may wait for two. */
const mostWaitMs: Readonly<Record<Lane, number>> = {
  customer: 1_000,
  first: 1_000,
  again: 2_000,
  aside: 1_000,
};
/** Of the 64 timers that a process has in hand, some are left to first attempts. */
const mostOfBacklog = 48;
/** While both wait for the same limit, every fourth turn is one of the backlog's. */
const backlogShare = 4;
/** So often the backlog is let through in any case: a quiet system recovers, too. */
const leastBacklogPerSecond = 5;
/** The steady rate is measured over so long; an outage, in which fewer customers come, is much of it. */
const steadyMs = 600_000;
const latelyMs = 10_000;
/** A postponed call returns within this time: the limit may have changed by then. */
const farMs = 60_000;
/** A limit after `429` that has delayed no call for this long is lifted. */
const quietMs = 60_000;

/**
 * First attempts come as fast as customers order; only `perSecond` and a party that answers `429` limit them. The backlog, which comes back
 * all at once when a party does, gets what first attempts leave of `recovery` times the steady rate.
 */
export function partyLimit({
  name,
  perSecond: ceiling,
  recovery,
  now = () => performance.now(),
  random = Math.random,
}: PartyLimitOptions): PartyLimit {
  const start = now();
  const [steady, lately, inAll] = [meter(steadyMs, start), meter(latelyMs, start), meter(latelyMs, start)];

  function backlogMost(at: number): number {
    const usual = steady.perSecond(at);
    return Math.max(leastBacklogPerSecond, recovery * usual - lately.perSecond(at), ((recovery - 1) * usual) / 2);
  }
  const backlog = adaptive({ most: backlogMost, from: backlogMost, growth: (at) => backlogMost(at) / 20 });
  const most = ceiling || Infinity;
  const all = adaptive({ most: () => most, from: (at) => Math.min(most, inAll.perSecond(at)), growth: () => 0.02 });
  const spaced = { backlog: spacing(backlog.perSecond), all: spacing(all.perSecond) };

  const lanes: Record<Lane, Waiter[]> = { customer: [], first: [], again: [], aside: [] };
  let pausedUntil = -Infinity;
  let heldAt = -Infinity;
  /** Until when turns are promised to those who were put off. */
  let promisedUntil = -Infinity;
  let turns = 0;
  let timer: NodeJS.Timeout | undefined;

  const ahead = (lane: Lane): Waiter[] => inOrder.slice(0, inOrder.indexOf(lane) + 1).flatMap((each) => lanes[each]);
  const waiting = (): number => ahead('aside').length;
  const readyAt = (lane: Lane): number =>
    Math.max(spaced.all.nextAt(), lane === 'again' ? spaced.backlog.nextAt() : -Infinity);
  const rateOf = (lane: Lane, at: number): number =>
    Math.min(all.perSecond(at), lane === 'again' ? backlog.perSecond(at) : Infinity);

  function take(lane: Lane, at: number, calls: number): void {
    inAll.count(at, calls);
    spaced.all.take(at, calls);
    if (lane === 'again') spaced.backlog.take(at, calls);
  }

  /** Spreads those who were put off over the turns to come; who would be too far back asks again before. */
  function comeBackMs(at: number, calls: number): number {
    const promised = Math.max(promisedUntil, at) + (calls * 1_000) / Math.min(backlogMost(at), all.perSecond(at));
    if (promised - at > farMs) return farMs * (0.5 + random() / 2);
    promisedUntil = promised;
    return promised - at;
  }

  const pause = (at: number): NotCalled =>
    new NotCalled(`${name} asked for a pause`, { comeBackMs: (pausedUntil - at) * (1 + random() / 2) });

  function nextLane(at: number): Lane | undefined {
    const isReady = (lane: Lane): boolean => lanes[lane].length > 0 && readyAt(lane) <= at;
    const fresh = isReady('customer') ? 'customer' : isReady('first') ? 'first' : undefined;
    if (!isReady('again')) return fresh ?? (isReady('aside') ? 'aside' : undefined);
    return fresh && ++turns % backlogShare ? fresh : 'again';
  }

  function serve(): void {
    clearTimeout(timer);
    const at = now();
    if (pausedUntil > at)
      for (const lane of Object.values(lanes)) for (const { refuse } of lane.splice(0)) refuse(pause(at));
    for (let lane = nextLane(at); lane; lane = nextLane(at)) {
      const { calls, go } = lanes[lane].shift()!;
      take(lane, at, calls);
      go();
    }
    const next = Math.min(...inOrder.filter((lane) => lanes[lane].length).map(readyAt));
    if (next < Infinity) timer = setTimeout(serve, Math.max(1, Math.ceil(next - at)));
  }

  function asked(lane: Lane, at: number, calls: number): void {
    if (lane === 'again' || lane === 'aside') return;
    steady.count(at, calls);
    lately.count(at, calls);
  }

  return {
    name,
    waiting,
    perSecond: (of) => (of === 'all' ? all : backlog).perSecond(now()),
    asked: (lane, calls) => asked(lane, now(), calls),
    async turn(lane, calls = 1) {
      const at = now();
      asked(lane, at, calls);
      if (pausedUntil > at) throw pause(at);
      if (at - heldAt >= quietMs) all.lift();
      const before = ahead(lane);
      if (!before.length && readyAt(lane) <= at) return take(lane, at, calls);
      if (spaced.all.nextAt() > at) heldAt = at;
      const waitMs =
        Math.max(0, readyAt(lane) - at) +
        (before.reduce((sum, each) => sum + each.calls, 0) * 1_000) / rateOf(lane, at);
      if (waitMs > mostWaitMs[lane] || (lane === 'again' && lanes.again.length >= mostOfBacklog))
        throw new NotCalled(`the limit of calls to ${name} is reached for now`, {
          // No turn is promised to who may not come back.
          ...(lane !== 'aside' && { comeBackMs: comeBackMs(at, calls) }),
        });
      await new Promise<void>((go, refuse) => {
        lanes[lane].push({ calls, go, refuse });
        serve();
      });
    },
    answered() {
      const at = now();
      backlog.grow(at);
      all.grow(at);
    },
    failed: () => backlog.halve(now()),
    refused(forMs) {
      const at = now();
      pausedUntil = Math.max(pausedUntil, at + forMs);
      heldAt = at;
      backlog.halve(at);
      all.halve(at);
      serve();
    },
  };
}

/** A way to a party that keeps to its limit. */
export interface LimitedWay extends Pick<Policy, 'run'> {
  /** Waits until so many calls may be made through `run`. Rejects with `NotCalled` when that is not soon. */
  turn(lane: Lane, calls?: number): Promise<void>;
}

export function limited({ run, breakerState }: Pick<Policy, 'run' | 'breakerState'>, limit: PartyLimit): LimitedWay {
  return {
    /** An open breaker refuses by itself, and the call that tests whether the party is back need not wait. */
    async turn(lane, calls = 1) {
      if (breakerState() === 'closed') await limit.turn(lane, calls);
      else limit.asked(lane, calls);
    },
    async run(call) {
      try {
        const result = await run(call);
        limit.answered();
        return result;
      } catch (error) {
        if (error instanceof TooManyCalls) limit.refused(error.comeBackMs);
        else if (!(error instanceof NotCalled)) limit.failed();
        throw error;
      }
    },
  };
}
