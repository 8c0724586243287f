import { afterAll, beforeAll } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { nightsAreSoldOnce } from './kit/suites/nights.ts';

const jari = await embedded();
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

nightsAreSoldOnce(jari);
