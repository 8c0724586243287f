import { most } from '#adapters/settings/settings.ts';
import { times, type Money } from '#kernel/money.ts';
import { toProto } from '#adapters/rpc/money.ts';
import type { Service } from '#adapters/service/service.ts';
import type { Planted, Play } from './history.ts';
import { folds, follows, wrong } from './planting.ts';

/** A service with lower limits than by default, so that few orders meet them. */
export const withLimits = <Of extends { settings?: Service['settings'] }>(
  service: Of,
  limits: Readonly<Record<string, number>>,
): Of => ({
  ...service,
  settings: {
    ...service.settings,
    ...Object.fromEntries(Object.entries(limits).map(([name, count]) => [name, most({ default: count })])),
  },
});

/** An order that occupies slots: one, or one for each of its `units`. */
export interface Occupying {
  id: string;
  /** Whose slots they are: a customer's id, and what else the limit is about. */
  of: string;
  units?: number;
}

/** 8: nobody occupies more slots of a kind than there are, and no order does that is paid or over. */
export function beyond(
  { world }: Play,
  service: string,
  kind: string,
  occupying: readonly Occupying[],
  limit: number,
): string[] {
  const ids = new Set(occupying.map(({ id }) => id));
  const idle = [...world.services.get(service)!.disk.claims].filter(
    ([slot, holder]) => slot.startsWith(`${kind}/`) && !ids.has(holder),
  );
  const counts = new Map<string, number>();
  for (const { of, units = 1 } of occupying) counts.set(of, (counts.get(of) ?? 0) + units);
  return [
    ...[...counts].flatMap(([of, count]) =>
      count > limit ? [`8: ${of} has ${count} (${kind}), and ${limit} are allowed`] : [],
    ),
    ...idle.map(([slot, holder]) => `8: ${holder} is over and still occupies ${slot}`),
  ];
}

/** What a customer says was shown: mostly nothing, sometimes the total, sometimes another one. */
export function shown({ world }: Play, total: Money): { agreedTotal: ReturnType<typeof toProto> | undefined } {
  const luck = world.choices.pick(12);
  return { agreedTotal: luck === 1 ? toProto(times(total, 2)) : luck === 2 ? toProto(total) : undefined };
}

/** Mistakes that each business can make: `of` is its orders' aggregate, `first` the event that makes an order. */
export const plantedIn = (
  of: string,
  first: string,
  where: 'booking' | 'terms' | 'contract',
  amount: string,
): Readonly<Record<string, Planted>> => ({
  'slots that nobody claims: a customer has as many unpaid orders as they like': wrong(of, (core) =>
    follows(core, ({ claims = [], ...what }) => ({
      ...what,
      claims: claims.filter(({ key }) => !/^(unpaid|asked|open|phones)\//.test(key)),
    })),
  ),
  'another total is charged than was agreed': wrong(of, (core) =>
    folds(core, first, (state: unknown, event: { type: string }) => {
      const made = core.evolve(state, event) as Record<string, Record<string, Money>>;
      return { ...made, [where]: { ...made[where], [amount]: times(made[where]![amount]!, 3) } };
    }),
  ),
});
