import { expect, test } from '@jest/globals';
import { ReservationPaid } from '#proto/jari/lodging/v1/messages.ts';
import { Order, Order_Phase } from '#proto/jari/order/v1/order.ts';
import { FromNewerSender } from './messages.ts';
import { refuseUnknownValues } from './unknown-values.ts';

const paid = (phase: number) =>
  ReservationPaid.decode(
    ReservationPaid.encode({
      ...ReservationPaid.create(),
      order: { ...Order.create(), phase: phase as Order_Phase },
    }).finish(),
  );

test('a message with the value of an enum that is not known here comes from a newer sender', () => {
  expect(() => refuseUnknownValues('jari.lodging.v1.ReservationPaid', paid(99))).toThrow(
    new FromNewerSender('jari.lodging.v1.ReservationPaid.order.phase has the value 99, which is not known here'),
  );
});

test('a message whose values are known passes, and so does one of a type that has none', () => {
  refuseUnknownValues('jari.lodging.v1.ReservationPaid', paid(Order_Phase.ACTIVE));
  refuseUnknownValues('jari.ops.v1.ReplayMark', { id: '1' });
  refuseUnknownValues('jari.jar.v1.CoinsPut', {});
  expect(paid(Order_Phase.ACTIVE).order?.phase).toBe(Order_Phase.ACTIVE);
});
