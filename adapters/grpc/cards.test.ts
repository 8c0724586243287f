import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '#adapters/failures/failures.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { cardsOver } from './cards.ts';

const refusal = (checkPaymentMethod: () => Promise<object>) => cardsOver({ checkPaymentMethod }).refusal('mina');

describe('an order that asks payment for a card (B5)', () => {
  test('goes on when there is one', async () => expect(await refusal(() => Promise.resolve({}))).toBeUndefined());
  test.each([
    ['there is none', 'FAILED_PRECONDITION', 'NO_PAYMENT_METHOD', 'no-payment-method'],
    ['the chosen one is not the customer’s', 'INVALID_ARGUMENT', 'UNKNOWN_PAYMENT_METHOD', 'unknown-payment-method'],
  ] as const)('is refused when %s', async (_, code, reason, refused) =>
    expect(await refusal(() => Promise.reject(new RpcError(code, reason, 'no')))).toBe(refused),
  );
  test.each([
    ['away', new Unavailable('payment is away')],
    ['slow', new RpcError('DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED', 'too late')],
  ])('goes on when payment is %s', async (_, error) =>
    expect(await refusal(() => Promise.reject(error))).toBeUndefined(),
  );
});
