import { eventually } from '#adapters/testing/eventually.ts';

export { eventually };

/** Reads again and again until the value has these properties. In tests alone: Jest is to be had nowhere else, and `eventually` is used by the soak, too. */
export async function becomes<Value>(read: () => Promise<Value>, expected: object, withinMs?: number): Promise<Value> {
  const { expect } = await import('@jest/globals');
  return eventually(read, (value) => expect(value).toMatchObject(expected), withinMs);
}
