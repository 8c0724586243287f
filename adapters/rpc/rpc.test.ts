import { pino } from 'pino';
import { expect, test } from '@jest/globals';
import { LodgingServiceService as definition } from '#proto/jari/lodging/v1/lodging.ts';
import { command, query, rpcService, stream, type RefusalStatus } from './rpc.ts';
import { memoryAnswers } from '#adapters/grpc/test-server.fixture.ts';
import { startGrpcServer } from '#adapters/grpc/server.ts';

const nobody = query<never, never>([], () => Promise.reject(new Error('not reached')));
const all = {
  createReservation: nobody,
  quoteReservation: nobody,
  getReservation: nobody,
  listReservations: nobody,
  cancelReservation: nobody,
  previewCancellation: nobody,
};

test('a method without an implementation or without roles does not compile (K12)', () => {
  const { previewCancellation: _, ...five } = all;
  // @ts-expect-error -- one is missing
  rpcService(definition, five);
  // @ts-expect-error -- nobody is named
  rpcService(definition, { ...all, getReservation: query(async () => ({})) });
  // @ts-expect-error -- no such role
  rpcService(definition, { ...all, getReservation: query(['emperor'], async () => ({})) });
  // @ts-expect-error -- answers once
  rpcService(definition, { ...all, getReservation: stream(['customer'], async function* () {}) });
  const refusals: Record<'nights-taken', RefusalStatus> = {
    'nights-taken': { code: 'FAILED_PRECONDITION', text: 'taken' },
  };
  command<never, object, 'nights-taken' | 'too-late', never>(['customer'], {
    run: () => Promise.reject(new Error('not reached')),
    answer: () => undefined as never,
    // @ts-expect-error -- a refusal has no status
    refusals,
  });
  expect(rpcService(definition, all).methods.map(({ name }) => name)).toEqual(Object.keys(definition));
});

test('and if it slips through, no server starts with it (K12)', async () => {
  const { methods } = rpcService(definition, { ...all, getReservation: undefined as never });
  await expect(
    startGrpcServer({
      services: [{ methods }],
      address: '127.0.0.1:0',
      verifier: { verify: () => ({ id: '', roles: [] }) },
      idempotency: memoryAnswers(),
      log: pino({ enabled: false }),
    }),
  ).rejects.toThrow('/jari.lodging.v1.LodgingService/GetReservation has no implementation');
});
