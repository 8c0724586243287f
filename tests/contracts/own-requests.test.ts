import { describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { command, type Outgoing } from '#adapters/bus/messages.ts';
import { toProto } from '#adapters/rpc/money.ts';
import type { Caller, Role } from '#adapters/rpc/rpc.ts';
import { envelopeFor } from '#adapters/mikro-orm/testing.ts';
import { RequestApproval } from '#proto/jari/approval/v1/messages.ts';
import { RequestAssignment } from '#proto/jari/assignment/v1/messages.ts';
import { RequestDelivery } from '#proto/jari/delivery/v1/messages.ts';
import { RequestPayout } from '#proto/jari/payout/v1/messages.ts';
import { RequestStay } from '#proto/jari/property/v1/messages.ts';
import { service as approval } from '../../services/approval/main.ts';
import { service as delivery } from '../../services/delivery/main.ts';
import { fromSeed } from '../simulation/choices.ts';
import { property } from '../simulation/lodging/property.ts';
import { lodgingService } from '../simulation/lodging/service.ts';
import { assignment } from '../simulation/preorder/assignment.ts';
import { payout } from '../simulation/tutoring/payout.ts';
import { World, type Simulated } from '../simulation/world.ts';

// Nobody decides their own request, whatever roles they have: on the services' gRPC methods, with the real cores and messages.

const who = (...roles: Role[]): Caller => ({ id: newId(), roles });
const order = { kind: 'any.order', id: newId() };

/** One service that has heard what it was asked for. */
async function asked(service: Simulated, ...messages: Outgoing[]): Promise<World> {
  const world = new World(fromSeed(1), [service]);
  world.faults = false;
  for (const message of messages) await world.services.get(service.name)!.handle(envelopeFor(message, 'any'));
  return world;
}

const statusOf = (world: World, service: string, method: string): unknown => {
  const row = world.services
    .get(service)!
    .plugged.rpc.flatMap(({ methods }) => methods)
    .find(({ name }) => name === method);
  return row?.implementation.kind === 'command' && row.implementation.refusals['own-request']?.code;
};

/** The own request is refused, and the same is accepted from somebody else. */
async function refusesOwn(
  world: World,
  service: string,
  method: string,
  request: object,
  self: Caller,
  other?: Caller,
): Promise<void> {
  expect(await world.call(service, method, request, self)).toEqual({ refused: 'OWN_REQUEST' });
  expect(statusOf(world, service, method)).toBe('PERMISSION_DENIED');
  if (other) expect(await world.call(service, method, request, other)).toHaveProperty('answer');
}

describe('nobody decides their own request', () => {
  const admin = who('admin');

  test.each(['approveApproval', 'rejectApproval'])(
    'approval: %s by the administrator who asked for it',
    async (method) => {
      const self = who('admin', 'seller');
      const world = await asked(
        approval,
        command('jari.approval.v1.RequestApproval', RequestApproval, order.id, {
          order,
          revision: 1,
          requesterId: self.id,
          summary: 'Maths',
        }),
      );
      const [{ id: approvalId } = { id: '' }] = world.stored('approval', 'approval');
      await refusesOwn(world, 'approval', method, { approvalId, text: 'no' }, self, admin);
    },
  );

  test('property: confirming, rejecting and cancelling by the host, or the administrator, who is the guest', async () => {
    for (const self of [who('host'), who('admin', 'customer')]) {
      const host = self.roles.includes('host') ? self : who('host');
      const world = await asked(property);
      const made = async (method: string, request: object) =>
        ((await world.call('property', method, request, host)) as { answer: { id: string } }).answer.id;
      const propertyId = await made('createProperty', { name: 'Inn', address: 'Seoul', timeZone: 'Asia/Seoul' });
      const roomId = await made('createRoom', {
        propertyId,
        name: '1',
        capacity: 2,
        pricePerNight: toProto(krw(50_000)),
        instantBook: false,
      });
      const stay = { roomId, guestId: self.id, checkIn: '2026-12-24', checkOut: '2026-12-25', guests: 1 };
      await world.services
        .get('property')!
        .handle(envelopeFor(command('jari.property.v1.RequestStay', RequestStay, order.id, { order, ...stay }), 'any'));
      for (const method of ['rejectStay', 'confirmStay', 'cancelStay'])
        await refusesOwn(
          world,
          'property',
          method,
          { reservationId: order.id, text: 'no' },
          self,
          method === 'rejectStay' ? undefined : admin,
        );
    }
  });

  test('assignment: accepting, activating and declining by the dealer, or the administrator, who is the customer', async () => {
    const dealer = who('dealer');
    for (const self of [dealer, who('admin', 'customer')]) {
      const world = await asked(assignment);
      const location = { latitude: 37.5, longitude: 127 };
      await world.call(
        'assignment',
        'createDealership',
        { name: 'Near', location, dailyCapacity: 5, dealerId: dealer.id },
        admin,
      );
      const request = command('jari.assignment.v1.RequestAssignment', RequestAssignment, order.id, {
        order,
        location,
        customerId: self.id,
      });
      await world.services.get('assignment')!.handle(envelopeFor(request, 'any'));
      for (const method of ['declineAssignment', 'acceptAssignment', 'activateAssignment'])
        await refusesOwn(
          world,
          'assignment',
          method,
          { preorderId: order.id },
          self,
          method === 'declineAssignment' ? undefined : admin,
        );
    }
  });

  test.each([who('courier', 'customer'), who('admin', 'customer')])(
    'delivery: taking, giving back, starting and completing by the courier, or the administrator, who is the customer',
    async (self) => {
      const world = await asked(
        delivery,
        command('jari.delivery.v1.RequestDelivery', RequestDelivery, order.id, {
          order,
          address: 'Seoul',
          customerId: self.id,
        }),
      );
      for (const method of ['takeDelivery', 'giveBackDelivery', 'startDelivery', 'completeDelivery'])
        await refusesOwn(
          world,
          'delivery',
          method,
          { orderId: order.id, code: '000000' },
          self,
          method === 'takeDelivery' ? who('courier') : undefined,
        );
    },
  );

  test('lodging: an administrator or agent cancels an own reservation as its guest, by the policy; others refund it in full', async () => {
    const host = who('host');
    const world = new World(fromSeed(1), [lodgingService, property]);
    world.faults = false;
    const done = async (service: string, method: string, request: object, by: Caller) =>
      ((await world.call(service, method, request, by)) as { answer: { id: string; reason: string } }).answer;
    const { id: propertyId } = await done(
      ...(['property', 'createProperty', { name: 'Inn', address: 'Seoul', timeZone: 'Asia/Seoul' }, host] as const),
    );
    const terms = { propertyId, name: '1', capacity: 2, pricePerNight: toProto(krw(50_000)), instantBook: false };
    const { id: roomId } = await done('property', 'createRoom', terms, host);
    while (await world.step('stands')); // lodging hears of it
    for (const self of [who('admin', 'customer'), who('agent', 'customer')]) {
      const wish = { roomId, checkIn: '2026-12-24', checkOut: '2026-12-25', guests: 1 };
      const reserved = async () => ({
        reservationId: (await done('lodging', 'createReservation', wish, self)).id,
        text: 'no',
      });
      const byGuest = await done('lodging', 'cancelReservation', await reserved(), self);
      expect(byGuest).toMatchObject({ reason: 'CANCELLED_BY_GUEST', reasonText: '' });
      const byStaff = await done('lodging', 'cancelReservation', await reserved(), admin);
      expect(byStaff).toMatchObject({ reason: 'CANCELLED_BY_STAFF', reasonText: 'no' });
    }
  });

  test('payout: approving by the administrator who is the payee', async () => {
    const self = who('admin', 'seller');
    const world = await asked(
      payout,
      command('jari.payout.v1.RequestPayout', RequestPayout, order.id, {
        order,
        payeeId: self.id,
        gross: toProto(krw(50_000)),
        expectedTime: new Date(0),
      }),
    );
    while (await world.step('stands')); // it was to be released long ago
    await refusesOwn(world, 'payout', 'approvePayout', { orderId: order.id }, self);
    const byOther = await world.call('payout', 'approvePayout', { orderId: order.id }, admin);
    expect(byOther).toEqual({ refused: 'NOT_RELEASED' }); // which is for another reason
  });
});
