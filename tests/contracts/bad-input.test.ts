import { afterAll, beforeAll } from '@jest/globals';
import { embedded } from '../system/kit/embedded.ts';
import { long } from '../system/kit/long.ts';
import { badInput } from '../system/kit/suites/bad-input.ts';
import { generatedRequests } from '../system/kit/suites/generated.ts';

// Every public method and every field of it, generated from the descriptor set, by REST and by raw gRPC.

/** No order or lesson asks again while rows are counted. */
const jari = await embedded({ JARI_ASK_AGAIN_SECONDS: '7200' });
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

badInput(jari, { namesTypes: true });
generatedRequests(jari, long ? 2_000 : 100);
