import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { native } from './faults/native.ts';
import { overload } from './faults/overload.ts';
import { lodging, lodgingServices } from './kit/lodging.ts';
import { long } from './kit/long.ts';
import { generatedRequests } from './kit/suites/generated.ts';
import { nightsAreSoldOnce } from './kit/suites/nights.ts';

// More than the stack can do at once, and more than it can understand.

const settings = {
  // Whoever grows under it ends: a heap that is large enough, and no larger.
  NODE_OPTIONS: '--max-old-space-size=200',
  // No order asks again while rows are counted.
  JARI_ASK_AGAIN_SECONDS: '7200',
};
const jari = await native(settings, { services: lodgingServices, replicas: { property: 2 } });
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

describe('asked for five times what it can do (K14)', () => {
  test.each(['rest', 'grpc'] as const)(
    'lodging does as much as ever, refuses the rest at once with a time to come again, and lets its operators through: by %s',
    async (by) => {
      const running = overload(jari, by, long ? 60 : 6);
      const looks = await looksDuring(running);
      const { peak, goodput, under, memory } = await running;
      const [share, { refused, latency }] = [goodput / peak, under];
      console.log(
        `${by}: ${peak.toFixed(0)}/s at peak, ${(100 * share).toFixed(0)} % of it under overload, p50 ${latency.p50.toFixed(0)} ms; ` +
          `${refused.count} refused after ${refused.p50.toFixed(1)} ms (p95 ${refused.p95.toFixed(1)} ms); lodging ${memory['lodging']?.toFixed(0)} MB, Envoy ${memory['envoy']?.toFixed(0)} MB`,
      );
      expect(share).toBeGreaterThan(0.8);
      expect(refused.count).toBeGreaterThan(under.done);
      expect({ failed: under.failed, failure: under.failure }).toEqual({ failed: refused.count });
      // A machine with much else to do answers late whatever it answers.
      if (long) expect(refused.p95).toBeLessThan(50);
      else expect(refused.p50).toBeLessThan(0.2 * latency.p50);
      expect(memory['lodging']).toBeLessThan(400);
      expect(memory['envoy']).toBeLessThan(200);
      expect(looks).toEqual(new Set([200]));
    },
    300_000,
  );
});

describe('property in two replicas', () => nightsAreSoldOnce(jari, long ? 500 : 75));

generatedRequests(jari, long ? 2_000 : 100);

/** What whoever looks after lodging is answered meanwhile. */
async function looksDuring(running: Promise<unknown>): Promise<Set<number>> {
  const { admin } = lodging(jari);
  const statuses = new Set<number>();
  let over = false;
  void running.then(
    () => (over = true),
    () => (over = true),
  );
  while (!over) {
    statuses.add((await admin.get('/v1/ops/lodging/status')).status);
    await pause(200);
  }
  return statuses;
}
