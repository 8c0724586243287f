import { opsRpc } from '#adapters/operations/grpc.ts';
import type { Model } from './model.ts';

/**
 * Who may call each method, for the API description: the roles, or `anyone`. `keyed` marks the commands, which take an idempotency key.
 * Calls between services are left out.
 */
export function callers({ services }: Model): string {
  const rpc = [...services.flatMap(({ plugged }) => plugged.rpc), opsRpc([])];
  const rows = rpc
    .flatMap(({ methods }) => methods)
    .map(({ definition, implementation: { kind, who } }) => ({ path: definition.path, kind, who }))
    .filter(({ who }) => who === 'anyone' || !who.includes('service'))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, kind, who }) => {
      const row = { who, ...(kind === 'command' && { keyed: true }) };
      return `  ${JSON.stringify(path)}: ${JSON.stringify(row)}`;
    });
  return `{\n${rows.join(',\n')}\n}\n`;
}
