import { afterAll, beforeAll, describe } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { preorderStory } from './kit/suites/preorder.ts';

// The requirements P1–P8, P11 and P12, on `node services/run.ts` with its own PostgreSQL and the sandboxes behind HTTP.

const jari = await embedded();
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

describe('pre-ordering a phone', () => preorderStory(jari));
