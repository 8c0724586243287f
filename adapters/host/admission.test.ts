import { describe, expect, test } from '@jest/globals';
import { hasOption, type DescMessage } from '@bufbuild/protobuf';
import { newId } from '#kernel/ids.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { command, event, orderEvent, type Codec, type Envelope } from '#adapters/bus/messages.ts';
import { envelopeFor } from '#adapters/mikro-orm/testing.ts';
import { StayConfirmed } from '#proto/jari/property/v1/messages.ts';
import { ReservationPaid } from '#proto/jari/lodging/v1/messages.ts';
import { RequestPayout } from '#proto/jari/payout/v1/messages.ts';
import { admission } from './admission.ts';

const payout = 'jari.payout.v1.RequestPayout';
const admit = admission({ tutoring: { commands: [payout] }, lodging: { commands: [] } });
const order = { kind: 'tutoring.purchase', id: newId() };
const won = (units: bigint, currencyCode = 'KRW') => ({ currencyCode, units, nanos: 0 });
const request = (more: object = {}): Envelope =>
  envelopeFor(
    command(payout, RequestPayout as Codec<object>, order.id, {
      order,
      payeeId: newId(),
      gross: won(50_000n),
      ...more,
    }),
    'tutoring',
  );
const confirmed = envelopeFor(
  event('jari.property.v1.StayConfirmed', StayConfirmed, order.id, { ...StayConfirmed.create(), order }),
  'property',
);

describe('a message is handled (9)', () => {
  test('when a service sends a command that its code sends', () => expect(() => admit(request())).not.toThrow());
  test('when a context sends its own event', () => expect(() => admit(confirmed)).not.toThrow());
  test('when a core service sends an event of its order', () => {
    const paid = orderEvent(
      'jari.lodging.v1.ReservationPaid',
      ReservationPaid,
      order.id,
      ReservationPaid.fromPartial({ order: { ref: order } }),
    );
    expect(() => admit(envelopeFor(paid, 'lodging'))).not.toThrow();
  });
  test('when an unknown business sends an event of its order', () => {
    const sixth = {
      ...confirmed,
      type: 'jari.boating.v1.BoatTaken',
      routingKey: 'order.boating.BoatTaken',
      source: '/boating',
    };
    expect(() => admit(sixth)).not.toThrow();
  });
});

test('a value of an enum that only a newer sender knows is let through, so that it is parked until the upgrade (23.3)', () => {
  const paid = orderEvent(
    'jari.lodging.v1.ReservationPaid',
    ReservationPaid,
    order.id,
    ReservationPaid.fromPartial({ order: { ref: order, phase: 99 as never } }),
  );
  expect(() => admit(envelopeFor(paid, 'lodging'))).not.toThrow();
});

test('no rule of a proto limits the values of an enum in a message', () => {
  const rules = registry.getExtension('buf.validate.field')!;
  const messages = [...registry]
    .filter((each) => each.kind === 'message')
    .filter(({ file }) => file.name.endsWith('/messages'));
  const within = (type: DescMessage, above: readonly string[] = []): readonly DescMessage[] =>
    above.includes(type.typeName)
      ? []
      : [type, ...type.fields.flatMap(({ message }) => (message ? within(message, [...above, type.typeName]) : []))];
  const enums = messages.flatMap((type) => within(type)).flatMap(({ fields }) => fields.filter((field) => field.enum));
  expect(enums.length).toBeGreaterThan(5);
  expect(
    enums.filter((field) => hasOption(field, rules)).map(({ parent, name }) => `${parent.typeName}.${name}`),
  ).toEqual([]);
});

describe('a message is refused, for good (9)', () => {
  test.each<[string, Envelope, string]>([
    [
      'a command from a service whose code does not send it',
      { ...request(), source: '/lodging' },
      `lodging may not send the command ${payout}`,
    ],
    ['a command from nobody', { ...request(), source: '/constructor' }, 'may not send'],
    [
      'an event of another context',
      { ...confirmed, source: '/lodging' },
      'lodging may not send the event jari.property.v1.StayConfirmed',
    ],
    ['a command that came as an event', { ...request(), kind: 'event' }, 'tutoring may not send the event'],
    [
      'a type under the routing key of another',
      { ...request(), routingKey: 'payment.RequestPayment' },
      'came with the routing key',
    ],
    ['an amount beyond all bounds', request({ gross: won(9_000_000_000_000n) }), 'gross must be an amount of money'],
    ['an amount below nothing', request({ gross: won(-1n) }), 'gross must be an amount of money'],
    ['an amount in no currency', request({ gross: won(1n, '') }), 'gross must be an amount of money'],
    ['no amount', request({ gross: undefined }), 'gross'],
    ['nobody to pay', request({ payeeId: '' }), 'payee_id'],
    ['no order', request({ order: undefined }), 'order'],
    ['an order whose id is none', request({ order: { kind: 'tutoring.purchase', id: 'x' } }), 'order.id'],
    [
      'bytes that are no message of the type',
      { ...request(), payload: new Uint8Array([255]) },
      `cannot be read as ${payout}`,
    ],
  ])('%s', (_, envelope, why) => expect(() => admit(envelope)).toThrow(why));
});
