import { native } from '../faults/native.ts';
import { preorders } from '../faults/preorder/preorders.ts';
import type { Snapshot } from '../faults/preorder/snapshot.ts';
import { appliedDuring, kills, killsAmid, silentInventory, slowInventory } from '../faults/preorder/troubles.ts';
import type { Run } from '../faults/under-load.ts';
import { preorderServices } from '../kit/preorder.ts';
import { brokerDown, down, storm, type Campaign } from './rounds.ts';

const strikes = 200;
const sickMs = 60_000;

/** Whoever is refused comes again and again, so there need not be many of them. */
const sickly = { perSecond: 5, leastAccepted: 200, leastAtOnce: 0 };

export const preorder = (perSecond: number): Campaign<Snapshot> => ({
  business: preorders,
  open: () =>
    native(
      { JARI_PREORDER_INTENT_SECONDS: '5' },
      { services: preorderServices, replicas: { preorder: 2, inventory: 2 } },
    ),
  rounds: [
    {
      ...{ name: `${strikes} kills of preorder and inventory`, perSecond },
      ...{ leastFaults: strikes, leastAccepted: 5 * strikes, leastAtOnce: 0 },
      lacks: (run) => (killsAmid(run) < strikes / 2 ? [`only ${killsAmid(run)} kills while somebody applied`] : []),
      trouble: (place, inject) => kills(place, inject, strikes),
    },
    {
      ...sickly,
      name: `inventory silent, ${sickMs / 1_000} s`,
      leastFaults: 2,
      trouble: (place, inject) => silentInventory(place, inject, sickMs),
    },
    {
      ...sickly,
      name: `inventory slow to hold, ${sickMs / 1_000} s`,
      leastFaults: 0,
      trouble: (place) => slowInventory(place, sickMs),
    },
    { ...brokerDown(perSecond), lacks: lacksFiftyMeanwhile },
    ...['assignment', 'delivery', 'notification', 'views'].map((service) => down(service, perSecond)),
    storm(perSecond),
  ],
});

function lacksFiftyMeanwhile(run: Run): string[] {
  const { accepted, notAtOnce } = appliedDuring(run);
  return [
    ...(accepted < 50 ? [`only ${accepted} applied meanwhile`] : []),
    ...(notAtOnce ? [`${notAtOnce} had to apply again`] : []),
  ];
}
