import { services, type Kind } from '../../services/registry.ts';

export type { Kind };

const named = (kind: Kind): readonly string[] => services.filter((each) => each.kind === kind).map(({ name }) => name);

/** The bounded contexts by what each is to the business (docs/context-map.md gives the reasons). */
export const contexts: Readonly<Record<Kind, readonly string[]>> = {
  core: named('core'),
  supporting: named('supporting'),
  general: named('general'),
};

/** The published language: every context may use its words. */
export const publishedLanguage = 'order';

/** What every service answers for itself, whatever its business: served by adapters/. */
export const everyService = 'ops';

/** Of which other capabilities a capability knows the messages, and only these: everything else hears of others by no name. */
export const knownCapabilities: Readonly<Record<string, readonly string[]>> = {
  property: ['payment'], // the host's list shows what payment last said
  notification: ['payout', 'identity'], // a seller is told that the payouts' account is another one; who is invited gets a mail
  payout: ['payment'], // nothing is sent that payment's own record does not say was paid
};

export const kindOf = (context: string): Kind | undefined => services.find(({ name }) => name === context)?.kind;
