import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { descriptorFile } from '../../deploy/envoy/config.ts';
import { publicMethods } from '../../deploy/envoy/methods.ts';
import { pathOf } from '../../deploy/native/install.ts';
import { mishaps } from './faults/mishaps.ts';
import { native } from './faults/native.ts';
import { becomes, eventually } from './kit/eventually.ts';
import { lodging, lodgingServices, type Order } from './kit/lodging.ts';
import { nobody, ok } from './kit/people.ts';
import { accessTable } from './kit/suites/access.ts';
import { changingPassword } from './kit/suites/changing-password.ts';
import { hostsDecide } from './kit/suites/hosting.ts';
import { idempotencyKeys } from './kit/suites/idempotency.ts';
import { lodgingRaces } from './kit/suites/races.ts';
import { rebuiltViews } from './kit/suites/rebuilding.ts';
import { inviting } from './kit/suites/invitations.ts';
import { peopleAndRoles } from './kit/suites/roles.ts';
import { signingIn } from './kit/suites/signing-in.ts';
import { steppingUp } from './kit/suites/step-up.ts';
import { lodgingStory } from './kit/suites/story.ts';
import { forgedTokens } from './kit/suites/tokens.ts';
import { lodgingInTrouble } from './kit/suites/trouble.ts';
import { watchedOrder } from './kit/suites/watching.ts';

// The requirements L1–L13 and I1–I3 on the real parts (Envoy, RabbitMQ, PostgreSQL, a process per service), and what only they can show.

const settings = {
  JARI_PAYMENT_ANSWER_SECONDS: '2',
  JARI_SIGN_INS_PER_ADDRESS: '0',
  LOG_LEVEL: 'debug',
};
const jari = await native(settings, { services: [...lodgingServices, 'identity'] });
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

const run = promisify(execFile);

describe('lodging', () => lodgingStory(jari));
describe('a host', () => hostsDecide(jari));
describe('people', () => {
  signingIn(jari);
  changingPassword(jari);
  peopleAndRoles(jari);
  inviting(jari);
  steppingUp(jari);
});
describe('access', () => accessTable(jari));
describe('forged tokens', () => forgedTokens(jari));
describe('idempotency keys', () => idempotencyKeys(jari));
describe('a watched order', () => watchedOrder(jari));
describe('messages that fail', () => mishaps(jari));
describe('the read models', () => rebuiltViews(jari));
describe('lodging, when two act at once', () => lodgingRaces(jari));
describe('lodging, when others are down', () => lodgingInTrouble(jari));

describe('the whole stack', () => {
  test('as the README says: with payment taken down a reservation waits as PAYMENT_PENDING, and is PAID once payment is started (L9)', async () => {
    const env = {
      ...process.env,
      ...settings,
      JARI_DATA: jari.folder,
      JARI_KEYS: join(jari.folder, 'keys'),
      NODE_ENV: 'development',
    };
    const stack = async (...words: string[]): Promise<string> =>
      (await run(process.execPath, ['deploy/native/stack.ts', ...words], { env })).stdout;
    const { newRoom, confirmed, reaches, paid } = lodging(jari);
    const room = await newRoom();
    expect(await stack('kill', 'payment')).toContain('npm run stack -- start payment');
    const { id } = await confirmed(room, 40);
    await reaches(id, 'PAYMENT_PENDING');
    await stack('start', 'payment');
    await reaches(id, 'PAID');
    expect(await paid(id)).toBe(200_000);
    expect(await stack('status')).not.toContain('down');
  }, 90_000);

  test('a service that was down receives every message that it missed (K8)', async () => {
    const { newRoom, reserve, reaches, shown, cancel } = lodging(jari);
    const room = await newRoom({ instant: true });
    await jari.kill('views');
    const { id } = await reserve(room, 40);
    await reaches(id, 'PAID');
    await ok(cancel(id));
    await reaches(id, 'CANCELLED');
    await jari.start('views');
    await becomes(() => shown(id), { status: 'CANCELLED', paymentStatus: 'CANCELLED' });
    const { timeline } = await shown(id);
    const wanted = [
      'ReservationRequested',
      'StayConfirmed',
      'ReservationConfirmed',
      'PaymentCompleted',
      'ReservationPaid',
      'ReservationCancelling',
      'StayReleased',
      'PaymentCancelled',
      'ReservationCancelled',
    ];
    expect(timeline.map(({ type }) => type.split('.').at(-1)).toSorted()).toEqual(wanted.toSorted());
  }, 90_000);

  test('without the read models a reservation is still made, confirmed, paid and shown by lodging (K5)', async () => {
    const { newRoom, confirmed, reaches, paid, stay } = lodging(jari);
    const room = await newRoom();
    await jari.kill('views');
    const { id } = await confirmed(room, 40);
    await reaches(id, 'PAID');
    expect(await paid(id)).toBe(200_000);
    await becomes(() => stay(id), { status: 'CONFIRMED', paymentStatus: 'COMPLETED' });
    expect(await nobody(jari).get('/v1/rooms')).toMatchObject({ status: 200 });
    await jari.start('views');
  }, 90_000);

  test('the log lines of all four services tell of an order by its id (K6)', async () => {
    const { newRoom, confirmed, reaches, guest } = lodging(jari);
    const { id } = await confirmed(await newRoom(), 40);
    await reaches(id, 'PAID');
    await becomes(() => ok(guest.get<Order>(`/v1/orders/${id}`)), { phase: 'ACTIVE', paymentStatus: 'COMPLETED' });
    const linesOf = (service: string): object[] =>
      readFileSync(jari.stack.part(service).log, 'utf8')
        .split('\n')
        .filter((line) => line.includes(id))
        .map((line) => JSON.parse(line) as object);
    for (const service of lodgingServices) {
      await eventually(
        () => Promise.resolve(linesOf(service)),
        (lines) => lines.length > 0,
      );
      for (const line of linesOf(service))
        expect(line).toMatchObject({ service, correlationId: expect.any(String), causationId: expect.any(String) });
      expect(linesOf(service)).toContainEqual(expect.objectContaining({ correlationId: id }));
    }
  });

  test('reflection, through the one entry point, lists, describes and calls every public method (K23)', async () => {
    const token = await lodging(jari).admin.token;
    const grpcurl = (...words: string[]): Promise<{ stdout: string; stderr: string }> =>
      run(pathOf('grpcurl'), ['-plaintext', ...words]);
    const methods = publicMethods(readFileSync(descriptorFile)).filter(
      ({ context }) => context === 'ops' || jari.services.includes(context),
    );
    const listed = (await grpcurl(jari.grpc, 'list')).stdout.split('\n');
    expect(new Set(methods.map(({ service }) => service)).size).toBeGreaterThan(5);
    for (const { service, name, everywhere } of methods) {
      expect(listed).toContain(service);
      expect((await grpcurl(jari.grpc, 'describe', `${service}.${name}`)).stdout).toContain(`rpc ${name} (`);
      const headers = ['-H', `authorization: Bearer ${token}`, ...(everywhere ? ['-H', 'jari-service: lodging'] : [])];
      const answer = await grpcurl('-max-time', '5', ...headers, '-d', '{}', jari.grpc, `${service}/${name}`).catch(
        (error: { stdout: string; stderr: string }) => error,
      );
      // An empty request is answered, also by a stream that goes on, or refused for what it lacks, by the method itself.
      if (!answer.stdout && answer.stderr)
        expect([name, answer.stderr]).toEqual([
          name,
          expect.stringMatching(/Code: (InvalidArgument|NotFound|PermissionDenied|FailedPrecondition)/),
        ]);
    }
  }, 120_000);
});
