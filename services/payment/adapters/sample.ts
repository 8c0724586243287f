import { userId } from '#adapters/auth/token.ts';
import { withSampleCard, type CardPorts } from '../cards.ts';
import { cardOf, type SandboxCard } from '../provider/cards.ts';

/** Made here and not by a call, so that nobody's first payment waits for a sandbox that is down. */
export const sampleCard = (now: number): SandboxCard => cardOf('tok_visa', now) as SandboxCard;

/** The sample customers have a card before they order. In development only. */
export const giveSampleCards = (ports: CardPorts): Promise<unknown> =>
  Promise.all(['guest', 'buyer', 'customer'].map((name) => withSampleCard(ports, userId(name))));
