import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tool } from '../../deploy/native/install.ts';
import { native } from './faults/native.ts';
import { preordersRetold } from './faults/preorder/retold.ts';
import { preordersUnderLoad } from './faults/preorder/under-load.ts';
import { checkout } from './kit/embedded.ts';
import { eventually } from './kit/eventually.ts';
import { ok } from './kit/people.ts';
import { preordering, preorderServices } from './kit/preorder.ts';
import { startProgram, type Program } from './kit/program.ts';
import { preorderStory } from './kit/suites/preorder.ts';
import { preordersInTrouble } from './kit/suites/preorder-trouble.ts';

// The requirements P1–P12 on the real parts: Envoy, RabbitMQ, PostgreSQL, a process per service.

const jari = await native(
  { JARI_PREORDER_INTENT_SECONDS: '5' },
  { services: preorderServices, replicas: { preorder: 2, inventory: 2 } },
);
/** For the kills alone: two processes less for the machine to run meanwhile. */
const spare = ['preorder-2', 'inventory-2'];
beforeAll(async () => {
  await jari.stack.up();
  await Promise.all(spare.map(jari.stack.stop));
}, 180_000);
afterAll(() => jari.remove(), 60_000);

describe('pre-ordering a phone', () => preorderStory(jari));
describe('pre-ordering a phone, when all is told again', () => preordersRetold(jari));
describe('pre-ordering a phone, when others are down', () => preordersInTrouble(jari));

describe('pre-ordering phones all the time, while', () => {
  beforeAll(() => Promise.all(spare.map(jari.stack.start)), 60_000);
  preordersUnderLoad(jari);
});

const packages = tool('python-packages');

('path' in packages ? describe : describe.skip)('a listener in Python', () => {
  const listen = (): Program =>
    startProgram({
      command: 'python3',
      args: ['examples/python-listener/listener.py', '--broker', jari.stack.brokerUrl('python-listener')],
      cwd: checkout,
      env: { PYTHONPATH: 'path' in packages ? packages.path : undefined },
    });
  const heard = (program: Program, id: string): string[] =>
    program
      .output()
      .split('\n')
      .filter((line) => line.includes(id))
      .map((line) => (JSON.parse(line) as { type: string }).type.replace('jari.preorder.v1.', ''));

  test('hears pre-orders through the contracts alone, also those that it missed while it was down (K8, K11)', async () => {
    const { newPhone, newTown, request, reaches, answer } = preordering(jari);
    const phone = await newPhone(1, 'Python phone');
    const { location } = await newTown({ kilometres: 1 });
    const first = listen();
    await first.says('listening', 20_000);
    const { id } = await request(phone, { location });
    await eventually(
      async () => heard(first, id),
      (types) => types.includes('PreorderAssigned'),
    );
    first.signal('SIGKILL');
    await first.ended;

    await ok(answer('accept', id));
    await ok(answer('activate', id));
    await reaches(id, 'ACTIVATED');
    const second = listen();
    // In any order: what the first had in hand when it died comes after what it never had.
    await eventually(
      async () => heard(second, id),
      (types) => ['PreorderAccepted', 'PreorderActivated'].every((type) => types.includes(type)),
    );
    expect(second.output()).toContain('"title": "Python phone"');
    second.signal('SIGTERM');
    await second.ended;
  }, 90_000);
});
