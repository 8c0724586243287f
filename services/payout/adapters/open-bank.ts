import { join } from 'node:path';
import type { Outside } from '#adapters/service/service.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import { inProcessSandbox } from '#adapters/sandbox/client.ts';
import { startBank } from '../bank/server.ts';
import { sandboxBank, type Sandbox } from './sandbox.ts';

export interface OpenBank {
  bank: Sandbox;
  /** Resolves when it can be called; an external bank may be unavailable at first. */
  ready(): Promise<unknown>;
  close(): Promise<void>;
}

/** The bank at the address of the settings; in development, without one, a sandbox of our own. */
export function openBank(
  { settings, development }: Pick<Outside, 'settings' | 'development'>,
  calls: Pick<Policy, 'run'>,
): OpenBank {
  const address = String(settings['BANK_URL']);
  if (address) return { bank: sandboxBank(address, calls), ready: async () => {}, close: async () => {} };
  if (!development) throw new Error('BANK_URL is needed in production');
  const { url, ...running } = inProcessSandbox(
    startBank({ port: 0, dir: join(String(settings['JARI_DATA']), 'bank') }),
  );
  return { bank: sandboxBank(url, calls), ...running };
}
