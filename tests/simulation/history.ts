import { days, type Instant } from '#kernel/time.ts';
import { fakeProvider, type FakeProvider } from '../../services/payment/testing/fake-provider.ts';
import type { Provider } from '../../services/payment/ports.ts';
import { payment, views } from './capabilities.ts';
import { chosenFor } from './cards.ts';
import type { Choices } from './choices.ts';
import { violations } from './invariants.ts';
import { World, type Plants, type Simulated } from './world.ts';

/** A business as the simulation plays it; `businesses.ts` names them all. */
export interface Business {
  /** Its core service's name. */
  name: string;
  /** Its orders' aggregate in that service. */
  order: string;
  /** Some of its customers' cards are declined, and another one is charged (`retries`). */
  declinesCards?: true;
  /** Its services, beside payment and views, which every business has. */
  services: readonly Simulated[];
  /** Opens the shop while nothing goes wrong yet; answers what people may do from then on. */
  open(play: Play): Promise<() => readonly Act[]>;
  /** What must be true of this business once everything has come to rest, and is not; each begins with the invariant's number. */
  broken(play: Play): readonly string[];
  /** What must be true at every moment, and is not. */
  wrongNow?(play: Play): readonly string[];
  /** Whether an order waits for a person, and so may ask again for ever. */
  waitsForPerson?(play: Play, aggregate: string, id: string): boolean;
  /** Mistakes that can be made in its cores: each must be found. */
  planted: Readonly<Record<string, Planted>>;
}

export type Act = () => Promise<unknown>;

/** One history while it is played. */
export interface Play {
  world: World;
  provider: FakeProvider;
  /** Orders whose customer was told that they are accepted. */
  accepted: string[];
  /** The cards that their customers chose for them; undefined where they chose none. */
  chosen: Map<string, string | undefined>;
  /** Further cards that their payers chose after a decline; whether each was charged is not always known. */
  retried: Map<string, Set<string>>;
  /** What was seen to be broken on the way. */
  broken: string[];
  /** Since when nothing goes wrong any more and all comes to rest. */
  calmSince: Instant;
}

/** One that is about to begin. */
export const playIn = (world: World, provider: FakeProvider): Play => ({
  ...{ world, provider },
  ...{ accepted: [], chosen: new Map(), retried: new Map(), broken: [], calmSince: Infinity },
});

export interface Planted extends Plants {
  provider?(provider: Provider): Provider;
}

/** More than any history takes to come to rest. */
const mostSteps = 5_000;

/** So long after the last fault every order that waits for a person has asked again. */
const askedByThen = days(2);

/** One history of a business: people act while things go wrong; then the faults stop, time passes, and everything must come to rest. */
export async function history(
  business: Business,
  choices: Choices,
  planted: Planted = {},
  tracing = false,
): Promise<{ broken: readonly string[]; trace: readonly string[] }> {
  const provider = fakeProvider(() => world.now);
  const services = [...business.services, payment(planted.provider?.(provider) ?? provider, business), views];
  const world = new World(choices, services, planted, tracing);
  const play = playIn(world, provider);

  world.faults = false;
  const open = await business.open(play);
  await settle(world, 'stands');
  world.faults = true;

  for (let actions = 2 + choices.pick(8); actions > 0; actions--) {
    const acts = [...open(), ...ofTheWorld(play, business)];
    await acts[choices.pick(acts.length)]!();
    play.broken.push(...(business.wrongNow?.(play) ?? []));
    for (let steps = choices.pick(12); steps > 0; steps--) await world.step('stands');
  }

  play.calmSince = world.endFaults();
  provider.mode = 'NORMAL';
  world.isIdle = ({ name, at, aggregate, aggregateId }) =>
    name === 'ask-again' &&
    at > play.calmSince + askedByThen &&
    (business.waitsForPerson?.(play, aggregate, aggregateId) ?? false);
  const steps = await settle(world, 'runs');
  const broken =
    steps >= mostSteps
      ? ['6: it never comes to rest']
      : [
          ...play.broken,
          ...(await violations(business, play)),
          ...business.broken(play),
          ...(business.wrongNow?.(play) ?? []),
        ];
  return { broken, trace: world.trace };
}

/** Time passes, and the provider has its moods. */
const ofTheWorld = (play: Play, { name }: Business): readonly Act[] => [
  async () => loses(play.world, name),
  async () => {
    const { world, provider } = play;
    provider.mode = (['NORMAL', 'DECLINING', 'DOWN', 'LOSES_ANSWERS'] as const)[world.choices.pick(4)]!;
    world.say(() => `the provider is ${provider.mode}`);
  },
  async () => {
    const { world } = play;
    world.now += [1_000, 11_000, 3_600_000, 86_400_000 * 5, 86_400_000 * 29][world.choices.pick(5)]!;
    world.say(() => 'time has passed');
  },
  async () => play.world.awaitTimer(),
];

/** Published messages are lost, or a capability is silent for long. Only views miss nothing: an operator has it told again. */
function loses(world: World, core: string): void {
  const { broker, choices } = world;
  const queues = [...world.services.keys()].filter((name) => name !== 'views');
  const queue = queues[choices.pick(queues.length)]!;
  const keys = broker.keysOf(queue);
  switch (choices.pick(5)) {
    case 0:
      broker.rebind();
      return world.say(() => 'all queues are bound again');
    case 1: {
      const key = keys[choices.pick(keys.length)]!;
      broker.unbind(queue, [key]);
      return world.say(() => `the queue of ${queue} loses its binding to ${key}`);
    }
    case 2:
      broker.unbind(queue, keys);
      return world.say(() => `the queue of ${queue} loses all its bindings`);
    case 3:
      broker.wipe('views');
      return world.say(() => 'the broker loses its disk');
    default:
      return queue === core ? undefined : world.takeAway(queue, days(30));
  }
}

async function settle(world: World, clock: 'stands' | 'runs'): Promise<number> {
  let steps = 0;
  while (steps < mostSteps && (await world.step(clock))) steps++;
  return steps;
}

/** The answer of a call that nothing could make fail. */
export async function answered<Answer>(call: ReturnType<World['call']>): Promise<Answer> {
  const result = await call;
  if (result === 'unknown' || 'refused' in result)
    throw new Error(`a call that cannot fail did: ${JSON.stringify(result)}`);
  return result.answer as Answer;
}

/** Asks for an order, and remembers what was promised. */
export async function order(
  { world, accepted, chosen, broken }: Play,
  ...call: Parameters<World['call']>
): Promise<void> {
  const [service, method, request, caller] = call;
  const paymentMethodId = chosenFor(accepted.length);
  const result = await world.call(service, method, { ...request, paymentMethodId }, caller);
  if (result === 'unknown' || !('answer' in result)) return;
  const { agreedTotal } = request as { agreedTotal?: Total };
  const { id, total, price, paid } = result.answer as { id: string; total?: Total; price?: Total; paid?: Total };
  const asked = total ?? price ?? paid;
  accepted.push(id);
  chosen.set(id, paymentMethodId);
  if (agreedTotal && agreedTotal.units !== asked?.units)
    broken.push(`9: ${id} costs ${asked?.units}, and ${agreedTotal.units} was agreed`);
}

interface Total {
  units: bigint;
}
