import { globSync } from 'node:fs';
import type { Refused, Understood } from '../rest-conformance.calls.ts';
import type { Contract, Promised } from './promised.ts';

/** Every contract that a file of this folder exports. */
const all: readonly Contract[] = (
  await Promise.all(
    globSync('*.ts', { cwd: import.meta.dirname })
      .filter((file) => file !== 'all.ts' && file !== 'promised.ts')
      .sort()
      .map(async (file) => Object.values((await import(`./${file}`)) as Record<string, Contract>)),
  )
).flat();

/** What every method promises, by its gRPC path. */
export const promised: ReadonlyMap<string, Promised> = new Map(
  all.flatMap(({ service, methods }) =>
    Object.entries(methods).map(([name, promise]) => [`/${service}/${name}`, promise] as const),
  ),
);

/** Each well-formed call, with the method that it reaches. */
export const promisedCalls: readonly (Understood & { rpc: string })[] = [...promised].flatMap(([rpc, { calls }]) =>
  calls.map((call) => ({ rpc, ...call })),
);

export const refusedCalls: readonly (Refused & { service: string })[] = all.flatMap(({ service, refused }) =>
  refused.map((call) => ({ service, ...call })),
);
