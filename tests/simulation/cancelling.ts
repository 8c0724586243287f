import { v7 } from 'uuid';
import type { Caller } from '#adapters/rpc/rpc.ts';
import type { OrderView } from '../../services/views/order-view.ts';
import type { Act, Business, Planted, Play } from './history.ts';
import { wrong, type Loose } from './planting.ts';

const agent: Caller = { id: v7(), roles: ['agent'] };
export const why = 'We are sorry.';

/**
 * One order is cancelled: by its customer, or as often by somebody else, who may ask twice: staff, or the business's providers. This is one
 * act instead of two, or hardly any order would come far.
 */
export const cancels =
  ({ world }: Play, service: string, method: string, which: object, customer: Caller, ...providers: Caller[]): Act =>
  async () => {
    if (world.choices.pick(2) === 0) return world.call(service, method, which, customer);
    const others = [agent, ...providers];
    const by = others[world.choices.pick(others.length)]!;
    let answer: unknown;
    for (let times = 1 + world.choices.pick(2); times > 0; times--)
      answer = await world.call(service, method, { ...which, text: why }, by);
    return answer;
  };

const isByOthers = (reason: unknown): boolean => reason === 'CANCELLED_BY_STAFF' || reason === 'CANCELLED_BY_SELLER';

/** B4: the customer is told why others cancelled the order. */
export const unexplained = ({ name }: Business, { world }: Play): string[] =>
  world
    .stored<OrderView>('views', 'order_view')
    .flatMap(({ id, state: { head } }) =>
      head?.order.kind.startsWith(`${name}.`) && isByOthers(head.reason) && head.reasonText !== why
        ? [`B4: nobody was told why ${id} was cancelled: ${head.reason}`]
        : [],
    );

const cancelsWrongly = (of: string, change: (event: Loose) => Loose, isBy = isByOthers): Planted =>
  wrong(of, (core) => {
    const changed = (event: Loose): Loose => (isBy(event['cause']) ? change(event) : event);
    return {
      evolve: (state, event) => core.evolve(state, changed(event as Loose)),
      consequences: (events, after) => core.consequences((events as Loose[]).map(changed), after),
    };
  });

/** Of those who cancel as `isBy` says. */
export const keepsAPart = (of: string, isBy = isByOthers): Planted =>
  cancelsWrongly(of, (event) => ({ ...event, keep: { amount: 100, currency: 'KRW' } }), isBy);

/** Mistakes that each business can make: `of` is its orders' aggregate. */
export const plantedCancels = (of: string): Readonly<Record<string, Planted>> => ({
  'a cancellation by others keeps a part of the price': keepsAPart(of),
  ...plantedSilence(of),
});

/** The same where nothing is paid. */
export const plantedSilence = (of: string): Readonly<Record<string, Planted>> => ({
  'a cancellation by others does not say why': cancelsWrongly(of, (event) => ({ ...event, reasonText: '' })),
});
