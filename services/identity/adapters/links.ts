import type { Sealing } from '#adapters/sealing/sealing.ts';
import type { Links } from '../ports.ts';

/** What the page's address carries, and what is read from it: the id and the secret. */
export const codeOf = (id: string, secret: string): string => `${id}.${secret}`;

/** Links to the pages that accept an invitation, set a new password and verify an address. */
export function sealedLinks(
  { digest }: Pick<Sealing, 'digest'>,
  { seal }: Pick<Sealing, 'seal'>,
  publicUrl: string,
): Links {
  const secretOf = (id: string): string => digest(`invitation/${id}`);
  return {
    secretOf,
    linkOf: (id) => `${publicUrl}/auth/invitation?code=${codeOf(id, secretOf(id))}`,
    toAccount: (kind, id, secret) =>
      `${publicUrl}/auth/${kind === 'reset' ? 'reset' : 'verify'}?code=${codeOf(id, secret)}`,
    toForgot: () => `${publicUrl}/auth/forgot`,
    seal,
  };
}
