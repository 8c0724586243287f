import { afterAll, beforeAll, describe } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { othersCancel } from './kit/suites/cancelling.ts';

// The requirement B4 in all five businesses, on `node services/run.ts` with its own PostgreSQL, the sandbox provider and the sandbox bank.

const jari = await embedded();
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

describe('an order that others cancel', () => othersCancel(jari));
