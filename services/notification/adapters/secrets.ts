import { randomInt, timingSafeEqual } from 'node:crypto';
import { CannotOpen, type Sealing } from '#adapters/sealing/sealing.ts';
import type { Secrets } from '../ports.ts';
import type { ContactKind } from '../profile.ts';

/** Encrypts contacts, and hashes codes with a key: a plain hash of six digits can be reversed by trying all. */
export const sealedSecrets = (sealing: Sealing): Secrets => {
  const hash = (text: string, userId: string, kind: ContactKind): string =>
    sealing.digest(`code/${userId}/${kind}/${text}`);
  return {
    seal: sealing.seal,
    open(sealed) {
      try {
        return sealing.open(sealed);
      } catch (error) {
        if (error instanceof CannotOpen) return undefined;
        throw error;
      }
    },
    newCode(userId, kind) {
      const text = String(randomInt(1_000_000)).padStart(6, '0');
      return { text, hash: hash(text, userId, kind) };
    },
    fits(text, userId, kind, expected) {
      const [given, wanted] = [Buffer.from(hash(text, userId, kind)), Buffer.from(expected)];
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
};
