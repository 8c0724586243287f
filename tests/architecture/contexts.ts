/**
 * The bounded contexts, and what each is to the business (docs/context-map.md says why): core services earn the money and run their
 * own orders; supporting and general ones are capabilities that a core service uses and that never know it.
 */
export type Kind = 'core' | 'supporting' | 'general';

export const contexts: Readonly<Record<Kind, readonly string[]>> = {
  core: ['lodging', 'tutoring', 'preorder', 'rental', 'seating'],
  supporting: ['property', 'approval', 'lecture', 'inventory', 'assignment', 'delivery', 'studycafe'],
  general: ['payment', 'views', 'payout', 'notification'],
};

/** The published language: every context may use its words. */
export const publishedLanguage = 'order';

/** What every service answers for itself, whatever its business: served by adapters/. */
export const everyService = 'ops';

/** Of which other capabilities a capability knows the messages, and only these: everything else hears of others by no name. */
export const knownCapabilities: Readonly<Record<string, readonly string[]>> = {
  property: ['payment'], // the host's list shows what payment last said
};

export const kindOf = (context: string): Kind | undefined => {
  const kinds: readonly Kind[] = ['core', 'supporting', 'general'];
  return kinds.find((kind) => contexts[kind].includes(context));
};
