import { expect, test } from '@jest/globals';
import { statusWord } from './status-word.ts';

test.each([
  ['paid', 'PAID'],
  ['payment-pending', 'PAYMENT_PENDING'],
  ['waiting-for-pick-up', 'WAITING_FOR_PICK_UP'],
])('the status %s is written %s', (status, word) => expect(statusWord(status)).toBe(word));
