import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startGateways, type Answer, type Gateways } from './rest-conformance.gateways.ts';
import { oddCalls } from './rest-conformance.values.ts';

// Both gateways read the same values and refuse the same ones: every field of every public method, generated from the protos.

let started: Gateways;
beforeAll(async () => void (started = await startGateways()));
afterAll(() => started?.close());

const methods = oddCalls();
const atOnce = 8;

describe('both gateways read and refuse the same values', () => {
  test.each(methods)(
    '$method',
    async ({ calls }) => {
      const apart: unknown[] = [];
      const compare = async (call: (typeof calls)[number]): Promise<void> => {
        const [envoy, embedded] = (await started.both(call)).map(outcome);
        if (JSON.stringify(envoy) !== JSON.stringify(embedded)) apart.push({ says: call.says, envoy, embedded });
      };
      for (let nth = 0; nth < calls.length; nth += atOnce)
        await Promise.all(calls.slice(nth, nth + atOnce).map(compare));
      expect(apart).toEqual([]);
    },
    120_000,
  );
});

test('every public method is compared', () => expect(methods.length).toBeGreaterThan(60));

const outcome = ({ status, requestId, body }: Answer): unknown =>
  status === 200
    ? { read: started.behind.received.get(requestId)?.request }
    : { status, code: (JSON.parse(body) as { code: number }).code };
