import { afterAll, beforeAll, describe } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { rentalPayments } from './kit/suites/paying.ts';
import { rentalStory } from './kit/suites/renting.ts';
import { rentalStock } from './kit/suites/stock.ts';

// The requirements R1–R10, on `node services/run.ts` with its own PostgreSQL and the sandbox provider behind HTTP.

const jari = await embedded();
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

describe('rental', () => rentalStory(jari));
describe('stock', () => rentalStock(jari));
describe('a payment that is waited for', () => rentalPayments(jari));
