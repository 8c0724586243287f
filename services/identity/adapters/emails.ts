import type { Sealing } from '#adapters/sealing/sealing.ts';
import type { Emails } from '../ports.ts';

/** Addresses are compared without regard to case, as nearly every mail server does. */
export const sealedEmails = ({ seal, open, digest }: Pick<Sealing, 'seal' | 'open' | 'digest'>): Emails => ({
  sealed(address) {
    const same = address.normalize('NFC').trim().toLowerCase();
    return { sealed: seal(same), digest: digest(same) };
  },
  open: ({ sealed }) => open(sealed),
});
