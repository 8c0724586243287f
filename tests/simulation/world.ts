import { inspect } from 'node:util';
import { v7 } from 'uuid';
import { cleanEnv } from 'envalid';
import pino from 'pino';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { askAgain } from '#kernel/asking.ts';
import { days, minutes, type Instant } from '#kernel/time.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { asRpcError, reasonOf, RpcError } from '#adapters/rpc/errors.ts';
import { asDecoded } from '#adapters/rpc/testing.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { handleWith } from '#adapters/service/handling.ts';
import type { Outside, ServiceParts, Service, Subscriptions } from '#adapters/service/service.ts';
import { envelopeOf } from '#adapters/mikro-orm/outbox.ts';
import type { PlannedTimer } from '#adapters/mikro-orm/plan.ts';
import { TimerGone, type AnyStored } from '#adapters/mikro-orm/store.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { inScope } from '#adapters/scope/scope.ts';
import { Broker, type Message } from './broker.ts';
import type { Choices } from './choices.ts';
import { emptyDisk, memoryStore, type Disk, type MemoryStore } from './memory-store.ts';

/** A service as the simulation runs it: its real cores, processes and translations, on fake ports. A new business is one of these. */
export interface Simulated {
  name: string;
  settings?: Service['settings'];
  plug(outside: Outside & { store: MemoryStore }, world: World): ServiceParts;
}

/** Ways to break the machinery on purpose, to see that the simulation finds it. */
export interface Plants {
  /** A core that decides, folds or follows up wrongly. */
  core?(of: AnyStored): AnyStored;
  noInbox?: boolean;
  acknowledgesBeforeCommit?: boolean;
  marksBeforeSending?: boolean;
  sendsOutsideTheTransaction?: boolean;
  forgetsTimerBeforeEffect?: boolean;
  noClaims?: boolean;
}

/** A process died: what it had not committed is gone, what it had is there. */
class Died extends Error {}

/** The clocks of two services differ by so much at most, and so a clock from a database's by half of it, in milliseconds. */
export const skewMs = 800;

/** One seeded, single-threaded world: services, their disks, the broker between them, a clock, and things that go wrong. */
export class World {
  now: Instant = Date.UTC(2026, 10, 21);
  readonly choices: Choices;
  readonly plants: Plants;
  readonly trace: string[] = [];
  /** Whether anything may go wrong now. */
  faults = true;
  /** Timers that nothing need wait for: what they ask for is up to people. */
  isIdle: (timer: PlannedTimer) => boolean = () => false;
  readonly services = new Map<
    string,
    { plugged: ServiceParts; disk: Disk; store: MemoryStore; handle(envelope: Envelope): Promise<void> }
  >();
  readonly broker = new Broker();
  /** Services that are silent, each until an instant: nothing of theirs happens, and what is for them waits. */
  readonly #away = new Map<string, Instant>();
  /** How far the clock last jumped over questions that are only asked again. */
  #jump = 0;
  /** Things under way outside of any service, e.g. a request that its sender has given up on. */
  readonly late: (() => Promise<void>)[] = [];
  #dies: 'before' | 'after' | undefined;
  /** How far the processes' clocks are from the databases', by which timers fall due; payment's is as far off on the other side. */
  readonly #skewMs: number;
  readonly #tracing: boolean;

  constructor(choices: Choices, services: readonly Simulated[], plants: Plants = {}, tracing = false) {
    this.choices = choices;
    this.plants = plants;
    this.#tracing = tracing;
    this.#skewMs = [0, -skewMs / 2, skewMs / 2][choices.pick(3)]!;
    for (const service of services) this.#add(service);
  }

  say(line: () => string): void {
    if (this.#tracing) this.trace.push(`${new Date(this.now).toISOString()}  ${line()}`);
  }

  #add({ name, settings = {}, plug }: Simulated): void {
    const disk = emptyDisk();
    const { plants } = this;
    const store = memoryStore(disk, () => this.now, {
      beforeCommit: (plan) => {
        if (plants.sendsOutsideTheTransaction && this.#dies === 'after') plan.outbox.length = 0;
        if (plants.noClaims) plan.claims.length = 0;
        if (plants.noInbox) plan.messages.length = 0;
        if (this.#dies === 'before') throw new Died();
      },
      afterCommit: () => {
        if (this.#dies !== 'after') return;
        this.#dies = 'before'; // the dead commit nothing more, whatever they still try
        throw new Died();
      },
    });
    if (plants.core) {
      const { update } = store;
      store.update = (of, ...more) => update(this.#planted(of) as typeof of, ...more);
    }
    const plugged = plug(
      {
        store,
        settings: cleanEnv({}, settings),
        now: () => this.now + (name === 'payment' ? -this.#skewMs : this.#skewMs),
        log,
        development: true,
        staffRolesOf: async () => undefined,
        send: async () => undefined,
      },
      this,
    );
    const subscriptions: Subscriptions = {
      ...plugged.subscriptions,
      handle: async (envelope) =>
        (await plugged.subscriptions.handle(envelope)).map((each) => ({ ...each, of: this.#planted(each.of) })),
    };
    this.broker.bind(name, plugged.subscriptions);
    this.services.set(name, { plugged, disk, store, handle: handleWith(store, name, subscriptions) });
  }

  readonly #plantedOf = new Map<AnyStored, AnyStored>();

  /** A core with the bug, or as it is; planting twice is planting once. */
  #planted(of: AnyStored): AnyStored {
    if (!this.plants.core) return of;
    const known = this.#plantedOf.get(of);
    if (known) return known;
    const planted = this.plants.core(of);
    this.#plantedOf.set(of, planted).set(planted, planted);
    return planted;
  }

  /** Runs `step` in a process that may die at its commit. Answers whether it lived. */
  async #mayDie(step: () => Promise<void>): Promise<boolean> {
    const caller = this.#dies;
    this.#dies = this.#death();
    try {
      await step();
      return true;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      this.say(() => '  … and its process died at the commit');
      return false;
    } finally {
      this.#dies = caller;
    }
  }

  #death(): 'before' | 'after' | undefined {
    return this.faults && this.choices.once(12) ? (this.choices.pick(2) ? 'after' : 'before') : undefined;
  }

  /** For a step of several commits: whether the process at work dies at its next one. */
  mayDieNext(): void {
    this.#dies ??= this.#death();
  }

  /** Does one thing that is waiting to be done; false when nothing is. Clocks move only when `clock` says so. */
  async step(clock: 'stands' | 'runs'): Promise<boolean> {
    const { inFlight } = this.broker;
    const senders = [...this.services].filter(([name, { disk }]) => disk.unsent.length > 0 && !this.isAway(name));
    const timers = this.#timers();
    const due = timers.filter(({ timer }) => timer.at <= this.now);
    const arriving = this.#away.size ? inFlight.filter(({ to }) => !this.isAway(to)) : inFlight;
    const kinds: (() => Promise<void>)[] = [];
    if (arriving.length) kinds.push(() => this.#deliver(arriving));
    if (senders.length) kinds.push(() => this.#relay(senders[this.choices.pick(senders.length)]![0]));
    if (due.length) kinds.push(() => this.#fire(due[this.choices.pick(due.length)]!));
    if (this.late.length && (kinds.length === 0 || this.choices.once(8)))
      kinds.push(async () => this.late.splice(this.choices.pick(this.late.length), 1)[0]!());
    if (kinds.length === 0) return clock === 'runs' && this.#passTime(timers.map(({ timer }) => timer));
    await kinds[this.choices.pick(kinds.length)]!();
    return true;
  }

  /** Goes on to the next alarm clock; what is asked again and again in vain is asked at growing distances. False when none will ring. */
  #passTime(timers: readonly PlannedTimer[]): boolean {
    const waited = timers.filter((timer) => !this.isIdle(timer));
    const first = (at: readonly Instant[]): Instant => Math.min(...at);
    const other = first([
      ...waited.filter(({ name }) => !again.includes(name)).map(({ at }) => at),
      ...this.#returns(),
    ]);
    const question = first(waited.filter(({ name }) => again.includes(name)).map(({ at }) => at));
    if (other === Infinity && question === Infinity) return false;
    this.#jump = question < other ? Math.min(Math.max(2 * this.#jump, minutes(1)), days(10)) : 0;
    this.now = Math.max(this.now, Math.min(other, Math.max(question, this.now + this.#jump)));
    return true;
  }

  async #deliver(arriving: readonly Message[]): Promise<void> {
    const message = arriving[this.faults ? this.choices.pick(arriving.length) : 0]!;
    const isCopy = this.faults && this.choices.once(10);
    this.say(
      () =>
        `${message.to} hears ${nameOf(message.envelope)} of ${short(message.envelope.subject)}${isCopy ? ', and will again' : ''}`,
    );
    const lived = await this.#mayDie(() => this.services.get(message.to)!.handle(message.envelope));
    const { inFlight } = this.broker;
    if ((lived || this.plants.acknowledgesBeforeCommit) && !isCopy && inFlight.includes(message))
      inFlight.splice(inFlight.indexOf(message), 1);
  }

  async #relay(name: string): Promise<void> {
    const { disk } = this.services.get(name)!;
    const sent = disk.unsent[0]!;
    const envelope = envelopeOf(sent, name, sent.at);
    const dies = this.faults && this.choices.once(15);
    if (dies && this.plants.marksBeforeSending) {
      disk.unsent.shift();
      return;
    }
    for (const queue of this.broker.publish(envelope))
      this.say(() => `${nameOf(envelope)} of ${short(envelope.subject)} does not reach the queue of ${queue}`);
    if (dies) this.say(() => `${name}'s relay sent ${nameOf(envelope)} and died before it was marked`);
    else disk.unsent.shift();
  }

  #timers(): { service: string; timer: PlannedTimer }[] {
    const timers: { service: string; timer: PlannedTimer }[] = [];
    for (const [service, { disk }] of this.services)
      if (!this.isAway(service)) for (const timer of disk.timers.values()) timers.push({ service, timer });
    return timers;
  }

  isAway(service: string): boolean {
    return (this.#away.get(service) ?? 0) > this.now;
  }

  #returns(): Instant[] {
    return [...this.#away.values()].filter((until) => until > this.now);
  }

  /** A service is silent for so long. Its messages and timers wait, and who calls it gets no answer. */
  takeAway(service: string, ms: number): void {
    this.#away.set(service, this.now + ms);
    this.say(() => `${service} is silent for ${ms / days(1)} days`);
  }

  /** Nothing goes wrong any more, but that who is away still is. Answers when the last of them is back. */
  endFaults(): Instant {
    this.faults = false;
    this.broker.rebind();
    return Math.max(this.now, ...this.#returns());
  }

  /** Time passes until one of the alarm clocks rings. */
  awaitTimer(): void {
    const timers = this.#timers();
    if (timers.length) this.now = Math.max(this.now, timers[this.choices.pick(timers.length)]!.timer.at);
    this.say(() => 'time has passed until an alarm clock rings');
  }

  async #fire({ service, timer }: { service: string; timer: PlannedTimer }): Promise<void> {
    const { plugged, disk } = this.services.get(service)!;
    this.say(() => `${service}'s timer ${timer.name} of ${short(timer.aggregateId)} fires`);
    const once = { by: 'timer' as const, timerId: timer.id };
    if (this.plants.forgetsTimerBeforeEffect) disk.timers.delete(timer.id);
    const scope = {
      correlationId: timer.aggregateId,
      causationId: timer.id,
      ...(this.plants.forgetsTimerBeforeEffect ? {} : { once }),
    };
    const handle = plugged.timers[`${timer.aggregate}/${timer.name}`];
    const lived = await this.#mayDie(() =>
      inScope(scope, () => handle!(timer.aggregateId, timer.at)).catch((error: unknown) => {
        if (!(error instanceof TimerGone)) throw error;
      }),
    );
    if (lived) disk.timers.delete(timer.id);
  }

  /** A call as a client makes it. `unknown`: the process died on the way, and it may or may not have happened. */
  async call(
    service: string,
    method: string,
    request: object,
    caller: Caller,
  ): Promise<{ answer: unknown } | { refused: string } | 'unknown'> {
    if (this.isAway(service)) {
      this.say(() => `${method}: ${service} does not answer`);
      return 'unknown';
    }
    const row = this.services
      .get(service)!
      .plugged.rpc.flatMap(({ methods }) => methods)
      .find(({ name }) => name === method)!;
    const { implementation } = row;
    let result: { answer: unknown } | { refused: string } | 'unknown' = 'unknown';
    this.say(() => `${method} ${inspect(request, { breakLength: Infinity })}`);
    await this.#mayDie(async () => {
      try {
        if (implementation.kind === 'command') {
          const updated = await inScope({ correlationId: v7(), causationId: v7() }, () =>
            implementation.run(asDecoded(row, request), caller),
          );
          result = updated.accepted
            ? { answer: implementation.answer(updated.after) }
            : { refused: reasonOf(updated.refusal) };
        } else if (implementation.kind === 'query') {
          result = { answer: await implementation.run(asDecoded(row, request), caller) };
        }
      } catch (error) {
        if (!(error instanceof RpcError || error instanceof Unavailable)) throw error;
        result = { refused: asRpcError(error).reason };
      }
    });
    return result;
  }

  stored<State>(service: string, table: string): StoredAggregate<State>[] {
    return [...(this.services.get(service)!.disk.tables.get(table)?.values() ?? [])] as StoredAggregate<State>[];
  }
}

/** Timers by which somebody who does not answer is asked again: an order its capabilities, payout payment. */
const again: readonly string[] = [askAgain, 'send'];

const log = pino({ level: 'silent' });
const short = (id: string): string => id.slice(-6);
const nameOf = ({ type }: Envelope): string => type.split('.').at(-1)!;
