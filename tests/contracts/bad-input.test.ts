import { afterAll, beforeAll } from '@jest/globals';
import { embedded } from '../system/kit/embedded.ts';
import { long } from '../system/kit/long.ts';
import { badInput } from '../system/kit/suites/bad-input.ts';
import { generatedRequests } from '../system/kit/suites/generated.ts';

// Every public method and every field of it, generated from the descriptor set, by REST and by raw gRPC.

const jari = await embedded();
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

badInput(jari, { namesTypes: true });
generatedRequests(jari, long ? 2_000 : 100);
