import { join } from 'node:path';
import type { Outside } from '#adapters/service/service.ts';
import { inProcessSandbox } from '#adapters/sandbox/client.ts';
import type { CardKeeper, Provider } from '../ports.ts';
import { startProvider } from '../provider/server.ts';
import { sandboxProvider, type Sandbox } from './sandbox.ts';
import { stripeProvider } from './stripe.ts';

export interface OpenProvider {
  provider: Provider;
  /** Undefined where it keeps no cards: then every charge is made to one that the settings name. */
  cardKeeper: CardKeeper | undefined;
  /** With the sandbox alone. */
  sandbox: Sandbox | undefined;
  /** Resolves when it can be called; a provider elsewhere may come later. */
  ready(): Promise<unknown>;
  close(): Promise<void>;
}

/** The provider that the settings name; in development, without an address, a sandbox of our own. */
export function openProvider({ settings, development }: Pick<Outside, 'settings' | 'development'>): OpenProvider {
  const setting = (name: string): string => String(settings[name]);
  if (settings.JARI_PAYMENT_PROVIDER === 'stripe') {
    if (!settings.STRIPE_API_KEY) throw new Error('STRIPE_API_KEY is needed with JARI_PAYMENT_PROVIDER=stripe');
    const stripe = {
      apiKey: setting('STRIPE_API_KEY'),
      apiUrl: setting('STRIPE_API_URL'),
      paymentMethod: setting('STRIPE_PAYMENT_METHOD'),
    };
    return {
      provider: stripeProvider(stripe),
      cardKeeper: undefined,
      sandbox: undefined,
      ready: async () => {},
      close: async () => {},
    };
  }
  if (settings.PAYMENT_PROVIDER_URL) {
    const sandbox = sandboxProvider(setting('PAYMENT_PROVIDER_URL'));
    return {
      ...{ provider: sandbox, cardKeeper: sandbox, sandbox },
      ready: async () => {},
      close: async () => sandbox.close(),
    };
  }
  if (!development) throw new Error('PAYMENT_PROVIDER_URL is needed in production');
  const own = inProcessSandbox(startProvider({ port: 0, dir: join(setting('JARI_DATA'), 'payment-provider') }));
  const sandbox = sandboxProvider(own.url);
  return {
    ...{ provider: sandbox, cardKeeper: sandbox, sandbox },
    ready: own.ready,
    async close() {
      sandbox.close();
      await own.close();
    },
  };
}
