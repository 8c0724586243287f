import { afterAll, beforeAll } from '@jest/globals';
import { embedded } from '../system/kit/embedded.ts';
import { idempotencyKeys } from '../system/kit/suites/idempotency.ts';

const jari = await embedded();
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

idempotencyKeys(jari);
