import { createHash } from 'node:crypto';
import type { Limit } from '#kernel/limit.ts';
import { currentScope } from '#adapters/scope/scope.ts';
import type { Store } from './store.ts';

/**
 * What the command at hand began when it came before and was cut short: found by its idempotency key, which is claimed along with the
 * intent (`mark`, a limit of one) and released when the intent ends. A command without a key began nothing that could be found.
 */
export async function earlierAttempt(store: Pick<Store, 'claims'>): Promise<{ id?: string; mark: readonly Limit[] }> {
  const once = currentScope()?.once;
  if (once?.by !== 'key') return { mark: [] };
  const { caller, method, key, fingerprint } = once;
  const claim = `command/${createHash('sha256')
    .update(JSON.stringify([caller, method, key, fingerprint]))
    .digest('base64url')}`;
  const [held] = await store.claims(claim, `${claim}0`);
  return {
    mark: [{ most: 1, of: 'call with one idempotency key', want: 1, free: [claim] }],
    ...(held && { id: held.holder }),
  };
}
