import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { credentials, status, type ServiceError } from '@grpc/grpc-js';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  ServerReflectionClient,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '#proto/grpc/reflection/v1/reflection.ts';
import { WatchOrderResponse } from '#proto/jari/views/v1/views.ts';
import { pathOf, tool } from '../../deploy/native/install.ts';
import { reflection } from './reflection.ts';
import { openTestServer } from './test-server.fixture.ts';

let house: Awaited<ReturnType<typeof openTestServer>>;
let client: InstanceType<typeof ServerReflectionClient>;
beforeAll(async () => {
  house = await openTestServer();
  client = new ServerReflectionClient(house.address, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  house.client.close();
  await house.server.drain({ noticeMs: 0, limitMs: 500 });
});

const services = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
  'jari.lodging.v1.LodgingService',
  'jari.views.v1.ViewsService',
];
async function ask(
  messageRequest: ServerReflectionRequest['messageRequest'],
): Promise<ServerReflectionResponse['messageResponse']> {
  const call = client.serverReflectionInfo();
  call.write({ host: '', messageRequest });
  const [answer] = (await once(call, 'data')) as [ServerReflectionResponse];
  call.end();
  return answer.messageResponse;
}
const filesOf = (answer: ServerReflectionResponse['messageResponse']): string[] =>
  answer?.$case === 'fileDescriptorResponse'
    ? answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name)
    : [];

test('reflection lists what is here, without a token (K23)', async () => {
  const answer = await ask({ $case: 'listServices', value: '*' });
  expect(answer?.$case === 'listServicesResponse' && answer.value.service.map(({ name }) => name).sort()).toEqual(
    services,
  );
});

test.each([
  ['a service', 'jari.lodging.v1.LodgingService'],
  ['a method', 'jari.lodging.v1.LodgingService.CreateReservation'],
  ['a message', 'jari.lodging.v1.Reservation'],
  ['a nested enum', 'jari.lodging.v1.Reservation.Status'],
  ['a field', 'jari.lodging.v1.Reservation.id'],
])('%s is found by its name, with all that its file imports (K23)', async (_, symbol) => {
  const files = filesOf(await ask({ $case: 'fileContainingSymbol', value: symbol }));
  expect(files[0]).toBe('jari/lodging/v1/lodging.proto');
  expect(files).toEqual(
    expect.arrayContaining([
      'google/protobuf/timestamp.proto',
      'google/api/http.proto',
      'google/protobuf/descriptor.proto',
    ]),
  );
});

test('files and extensions are found too (K23)', async () => {
  expect(filesOf(await ask({ $case: 'fileByFilename', value: 'google/type/money.proto' }))).toEqual([
    'google/type/money.proto',
  ]);
  expect(
    filesOf(
      await ask({
        $case: 'fileContainingExtension',
        value: { containingType: 'google.protobuf.MethodOptions', extensionNumber: 72295728 },
      }),
    )[0],
  ).toBe('google/api/annotations.proto');
  expect(await ask({ $case: 'allExtensionNumbersOfType', value: 'google.protobuf.MethodOptions' })).toMatchObject({
    value: { extensionNumber: [72295728] },
  });
});

test('what is not here is not found, and the stream goes on', async () => {
  expect(await ask({ $case: 'fileContainingSymbol', value: 'jari.lodging.v1.Nonsense' })).toMatchObject({
    $case: 'errorResponse',
    value: { errorCode: 5 },
  });
  expect(await ask({ $case: 'fileByFilename', value: 'nonsense.proto' })).toMatchObject({
    $case: 'errorResponse',
    value: { errorCode: 5 },
  });
  expect(await ask(undefined)).toMatchObject({ $case: 'errorResponse', value: { errorCode: 3 } });
});

const symbol = (value: string): ServerReflectionRequest => ({
  host: '',
  messageRequest: { $case: 'fileContainingSymbol', value },
});
test('the next question is read when the answer before it has been taken', async () => {
  let read = 0;
  const asks = async function* () {
    for (;;) {
      read++;
      yield symbol('jari.lodging.v1.Reservation');
    }
  };
  const answers = reflection([])(asks())[Symbol.asyncIterator]();
  await answers.next();
  await answers.next();
  expect(read).toBe(2);
});

test('one stream answers 500 questions, and says then why it ends', async () => {
  const call = client.serverReflectionInfo();
  let answers = 0;
  call.on('data', () => answers++);
  for (let nth = 0; nth < 510; nth++) call.write(symbol('jari.lodging.v1.Reservation'));
  const [error] = (await once(call, 'error')) as [ServiceError];
  expect({ answers, code: error.code, details: error.details }).toEqual({
    answers: 500,
    code: status.RESOURCE_EXHAUSTED,
    details: 'one stream answers 500 questions: open another',
  });
});

test('an address has so many streams open, with those of reflection', async () => {
  const small = await openTestServer({ limits: { streamsPerAddress: 1 } });
  const stranger = new ServerReflectionClient(small.address, credentials.createInsecure());
  const [first, second] = [stranger.serverReflectionInfo(), stranger.serverReflectionInfo()];
  first.on('error', () => undefined);
  const [error] = (await once(second, 'error')) as [ServiceError];
  expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
  first.cancel();
  stranger.close();
  small.client.close();
  await small.server.drain({ noticeMs: 0, limitMs: 500 });
});

const grpcurl = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(pathOf('grpcurl'), ['-plaintext', ...args]);
  return stdout;
};
('path' in tool('grpcurl') ? test : test.skip)(
  'grpcurl lists, describes, and calls, once and as a stream (K23)',
  async () => {
    const { address } = house;
    expect((await grpcurl(address, 'list')).trim().split('\n').sort()).toEqual(services);
    for (const service of services)
      expect(await grpcurl(address, 'describe', service)).toContain(`${service} is a service`);
    expect(await grpcurl(address, 'describe', 'jari.lodging.v1.LodgingService.CreateReservation')).toContain(
      'post: "/v1/lodging/reservations"',
    );

    const authorization = ['-H', `authorization: Bearer ${await house.token('guest')}`];
    const wish = {
      room_id: '0197a3a4-0000-7000-8000-000000000000',
      check_in: '2026-12-24',
      check_out: '2026-12-26',
      guests: 2,
    };
    const booked = JSON.parse(
      await grpcurl(
        ...authorization,
        '-d',
        JSON.stringify(wish),
        address,
        'jari.lodging.v1.LodgingService/CreateReservation',
      ),
    );
    expect(booked).toMatchObject({ id: expect.any(String), roomId: wish.room_id });

    house.watched.source = async function* () {
      for (const title of ['first', 'second'])
        yield WatchOrderResponse.fromPartial({ event: { $case: 'change', value: { title } } });
    };
    const streamed = await grpcurl(
      ...authorization,
      '-d',
      JSON.stringify({ order_id: booked.id }),
      address,
      'jari.views.v1.ViewsService/WatchOrder',
    );
    expect(streamed.match(/"title": "\w+"/g)).toEqual(['"title": "first"', '"title": "second"']);
    expect(await grpcurl(address, 'grpc.health.v1.Health/Check')).toContain('"status": "SERVING"');
    const refused: { stderr: string } = await grpcurl(
      address,
      'jari.lodging.v1.LodgingService/CreateReservation',
    ).catch((error) => error);
    expect(refused.stderr).toContain('"reason": "UNAUTHENTICATED"');
  },
);
