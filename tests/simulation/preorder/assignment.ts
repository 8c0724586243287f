import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Assignment } from '../../../services/assignment/assignment.ts';
import type { Dealership } from '../../../services/assignment/dealership.ts';
import { directoryOf } from '../../../services/assignment/adapters/directory.ts';
import { assignmentRpc } from '../../../services/assignment/adapters/grpc.ts';
import { subscriptions, storedAssignments, storedDealerships } from '../../../services/assignment/adapters/messages.ts';
import type { Ports, Taken } from '../../../services/assignment/ports.ts';
import { onTimer, placeWaiting } from '../../../services/assignment/usecases.ts';
import type { LocalDate } from '#kernel/time.ts';
import { inScope } from '#adapters/scope/scope.ts';
import type { Simulated } from '../world.ts';

/** Which places each dealership has given away, by claims like `<dealership>/<day>/<number>`. */
const takenOn = (day: LocalDate, claims: readonly string[]): Taken => {
  const places = claims.map((key) => key.split('/') as [string, string, string]).filter(([, on]) => on === day);
  return new Map(
    [...Map.groupBy(places, ([id]) => id)].map(([id, its]) => [id, its.map(([, , place]) => Number(place))]),
  );
};

/** Assignment, with the map and the places of its own disk. */
export const assignment: Simulated = {
  name: 'assignment',
  plug({ store, now }, world) {
    const assignments = storedAssignments(1_800_000);
    const rows = <State>(table: string): StoredAggregate<State>[] =>
      [...(store.disk.tables.get(table)?.values() ?? [])] as StoredAggregate<State>[];
    const ports: Ports = {
      dealerships: {
        get: (id) => store.get(storedDealerships, id),
        list: async () => [],
        update: (id, decide, facts) => store.update(storedDealerships, id, decide, facts),
      },
      assignments: {
        get: (id) => store.get(assignments, id),
        list: async () => [],
        update: (id, decide, facts) => store.update(assignments, id, decide, facts),
        waiting: async ({ size, after = '' }) =>
          rows<Assignment>('assignment')
            .filter(({ id, state }) => state.status === 'unassigned' && id > after)
            .sort((a, b) => (a.id < b.id ? -1 : 1))
            .slice(0, size),
      },
      directory: async () =>
        directoryOf(
          rows<Dealership>('dealership').flatMap(({ id, state }) =>
            state.status === 'open' ? [{ id, details: state.details }] : [],
          ),
        ),
      taken: async (day) => takenOn(day, [...store.disk.claims.keys()]),
      now,
      random: () => world.choices.pick(10) / 10,
    };
    const capacityCameFree = (id: string): Promise<void> =>
      inScope({ correlationId: id, causationId: id }, () => placeWaiting(ports));
    return {
      rpc: [assignmentRpc(ports)],
      subscriptions: subscriptions(ports, assignments),
      timers: {
        'assignment/answer': (id, at) => onTimer(ports, id, 'AnswerOverdue', at),
        'assignment/look-again': (id, at) => onTimer(ports, id, 'LookAgain', at),
        'assignment/new-day': async (id, at) => {
          await capacityCameFree(id);
          await onTimer(ports, id, 'LookAgain', at);
        },
        'assignment/freed': capacityCameFree,
        'dealership/joined': capacityCameFree,
      },
    };
  },
};
