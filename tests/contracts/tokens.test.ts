import { afterAll, beforeAll } from '@jest/globals';
import { embedded } from '../system/kit/embedded.ts';
import { forgedTokens } from '../system/kit/suites/tokens.ts';

const jari = await embedded();
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

forgedTokens(jari);
