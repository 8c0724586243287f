import { num } from 'envalid';
import { seconds } from '#kernel/time.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { inScope } from '#adapters/scope/scope.ts';
import { seconds as inSeconds } from '#adapters/settings/settings.ts';
import { mikroOrmDirectory } from './adapters/directory.ts';
import { assignmentRpc } from './adapters/grpc.ts';
import { subscriptions, storedAssignments } from './adapters/messages.ts';
import { oneAtATime } from './adapters/one-at-a-time.ts';
import { addSampleData } from './adapters/sample.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmAssignments, mikroOrmDealerships, mikroOrmTaken } from './adapters/store.ts';
import type { Ports } from './ports.ts';
import { onTimer, placeWaiting } from './usecases.ts';

/** Assignment (배정관리): dealerships, and which of them takes which order. */
export const service = serviceOf({
  name: 'assignment',
  migrations,
  entities,
  settings: {
    JARI_ASSIGNMENT_ANSWER_SECONDS: inSeconds({
      default: 1_800,
      desc: 'Seconds within which a dealership must answer. Then the order goes to the next best.',
    }),
    JARI_ASSIGNMENT_REACH_KM: num({
      default: 200,
      desc: 'Greatest distance of a dealership from the customer, in kilometres.',
    }),
  },
  plug({ store, settings, now, development }) {
    const assignments = storedAssignments(seconds(settings.JARI_ASSIGNMENT_ANSWER_SECONDS));
    const ports: Ports = {
      dealerships: mikroOrmDealerships(store),
      assignments: mikroOrmAssignments(store, assignments),
      directory: mikroOrmDirectory(store, settings.JARI_ASSIGNMENT_REACH_KM),
      taken: mikroOrmTaken(store),
      now,
      random: Math.random,
    };
    // It changes many orders, each once and in a transaction of its own: the timer is done with when all of them are.
    const callThoseWhoWait = oneAtATime(() => placeWaiting(ports));
    const capacityCameFree = (id: string): Promise<void> =>
      inScope({ correlationId: id, causationId: id }, callThoseWhoWait);
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
      async start() {
        const isNew = (await ports.dealerships.list({}, { size: 1 })).length === 0;
        if (development && isNew) await addSampleData(ports);
      },
    };
  },
});
