import { afterAll, beforeAll } from '@jest/globals';
import { embedded } from '../system/kit/embedded.ts';
import { accessTable } from '../system/kit/suites/access.ts';

const jari = await embedded();
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

accessTable(jari);
