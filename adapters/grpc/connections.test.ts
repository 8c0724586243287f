import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { GetReservationRequest } from '#proto/jari/lodging/v1/lodging.ts';
import { Code } from '#adapters/rpc/errors.ts';
import { openTestServer } from './test-server.fixture.ts';

test('an address has so many connections at a server; more are closed at once, and others are answered (B7)', async () => {
  const house = await openTestServer({ limits: { connectionsPerAddress: 3 } });
  /** Whether the server greets: an HTTP/2 server sends its settings. */
  const from = async (localAddress: string) => {
    const socket = connect({ port: house.server.port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
    const isOpen = await Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
    return { isOpen, end: () => once(socket.destroy(), 'close') };
  };
  const opened = [];
  for (let nth = 0; nth < 5; nth++) opened.push(await from('127.0.0.2'));
  expect(opened.map(({ isOpen }) => isOpen)).toEqual([true, true, true, false, false]);
  const request = GetReservationRequest.encode({ reservationId: newId() }).finish();
  const answer = await house.send('/jari.lodging.v1.LodgingService/GetReservation', request);
  expect(answer.code).toBe(Code.NOT_FOUND);
  await opened[0]!.end();
  while (!(await from('127.0.0.2')).isOpen) await pause(10);
  house.client.close();
  for (const { end } of opened.slice(1, 3)) await end();
  await house.server.drain({ noticeMs: 0, limitMs: 200 });
});
