import type { Sealing } from '#adapters/sealing/sealing.ts';
import type { Links } from '../ports.ts';

/** What the page's address carries, and what is read from it: the id and the secret. */
export const codeOf = (invitationId: string, secret: string): string => `${invitationId}.${secret}`;

/** Links to the page that accepts an invitation. */
export function sealedLinks(
  { digest }: Pick<Sealing, 'digest'>,
  { seal }: Pick<Sealing, 'seal'>,
  publicUrl: string,
): Links {
  const secretOf = (id: string): string => digest(`invitation/${id}`);
  return {
    secretOf,
    linkOf: (id) => `${publicUrl}/auth/invitation?code=${codeOf(id, secretOf(id))}`,
    seal,
  };
}
