import { setTimeout as pause } from 'node:timers/promises';
import { leaderOf } from '../faults/injector.ts';
import { reservations } from '../faults/lodging/reservations.ts';
import type { Snapshot } from '../faults/lodging/snapshot.ts';
import { native, type Native } from '../faults/native.ts';
import { lodgingServices } from '../kit/lodging.ts';
import { ok, person } from '../kit/people.ts';
import { accepting, brokerDown, down, storm, type Campaign, type Round } from './rounds.ts';

const frozenMs = 60_000;
const provider = (place: Native, mode: string, delay_ms = 0): Promise<unknown> =>
  ok(person(place, 'admin').post('/v1/sandbox/payment-provider', { mode, delay_ms }));

export const lodging = (perSecond: number): Campaign<Snapshot> => ({
  business: reservations,
  open: () =>
    native(
      { JARI_PAYMENT_ANSWER_SECONDS: '2', JARI_LODGING_PAYMENT_SECONDS: '20' },
      { services: lodgingServices, replicasEach: 2 },
    ),
  rounds: [
    storm(perSecond),
    ...lodgingServices.filter((service) => service !== 'lodging').map((service) => down(service, perSecond)),
    ...(['DOWN', 'SLOW', 'LOSES_ANSWERS', 'DECLINING'] as const).map((mode): Round => ({
      ...accepting(perSecond),
      name: `payment provider ${mode}, 20 s`,
      async trouble(place) {
        await provider(place, mode, mode === 'SLOW' ? 4_000 : 0);
        await pause(20_000);
        await provider(place, 'NORMAL');
      },
    })),
    brokerDown(perSecond),
    frozen('broker', perSecond, (_, { freeze }) => freeze('rabbitmq', frozenMs)),
    frozen("property's leading relay", perSecond, async (place, { freeze }) =>
      freeze(await leaderOf(place, 'property'), frozenMs),
    ),
    frozen('a consumer of payment in mid-handler', perSecond, (_, { freezeAtWork }) =>
      freezeAtWork('payment-2', frozenMs),
    ),
  ],
});

const frozen = (what: string, perSecond: number, trouble: Round['trouble']): Round => ({
  ...accepting(perSecond),
  ...{ name: `${what} frozen, ${frozenMs / 1_000} s`, leastFaults: 1, trouble },
});
