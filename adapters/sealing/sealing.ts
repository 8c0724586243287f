import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Seals what must not be readable in a dump of the database: telephone numbers, e-mail addresses, bank accounts. */
export interface Sealing {
  seal(text: string): string;
  /** The text of a sealed value. A text that is not sealed, as rows of earlier versions hold it, is returned as it is. */
  open(sealed: string): string;
  /** Whether the value is sealed with the current secret. */
  isCurrent(value: string): boolean;
  sealBytes(bytes: Uint8Array): Uint8Array;
  openBytes(sealed: Uint8Array): Uint8Array;
  /** A hash under a key: equal texts have equal digests, and without the secret a digest cannot be searched for its text. */
  digest(text: string): string;
}

export interface Secrets {
  /** Seals and opens. */
  current: string;
  /** Open what they sealed. */
  old: readonly string[];
}

/** The value was sealed with a secret that is not among the settings, or it was changed since. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

const prefix = 'sealed';
const [ivLength, tagLength] = [12, 16];

/** AES-256-GCM. Each purpose has keys of its own, so that a value sealed for one purpose cannot be opened as another's. */
export function sealingFor(purpose: string, { current, old }: Secrets): Sealing {
  const keys = [current, ...old].map((secret) => keyOf(secret, purpose));
  const [now] = keys as [Key, ...Key[]];
  const digestKey = derived(current, `${purpose} digest`);

  const opened = (id: string, bytes: Uint8Array): Buffer => {
    const key = keys.find((each) => each.id === id);
    if (!key) throw new CannotOpen(`no secret for the key id ${id}: name the old secret in JARI_OLD_SECRETS`);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.key, bytes.subarray(0, ivLength), {
        authTagLength: tagLength,
      });
      decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
      return Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
    } catch (error) {
      throw new CannotOpen('a sealed value was changed', { cause: error });
    }
  };
  const sealedBytes = (bytes: Uint8Array): Buffer => {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv('aes-256-gcm', now.key, iv, { authTagLength: tagLength });
    const content = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), content]);
  };
  const seal = (bytes: Uint8Array): string => `${prefix}.${now.id}.${sealedBytes(bytes).toString('base64url')}`;
  const open = (sealed: string): Buffer => {
    const [, id = '', content = ''] = sealed.split('.');
    return opened(id, Buffer.from(content, 'base64url'));
  };

  return {
    seal: (text) => seal(Buffer.from(text)),
    open: (sealed) => (isSealed(sealed) ? open(sealed).toString() : sealed),
    isCurrent: (value) => value.startsWith(`${prefix}.${now.id}.`),
    sealBytes: (bytes) => Buffer.from(seal(bytes)),
    openBytes(sealed) {
      const text = Buffer.from(sealed).toString('latin1');
      return isSealed(text) ? open(text) : sealed;
    },
    digest: (text) => createHmac('sha256', digestKey).update(text).digest('base64url'),
  };
}

export const isSealed = (value: string): boolean => /^sealed\.[0-9a-f]{8}\.[\w-]+$/.test(value);

interface Key {
  /** Names the key within sealed values; says nothing of the secret. */
  id: string;
  key: Buffer;
}

const keyOf = (secret: string, purpose: string): Key => {
  const key = derived(secret, purpose);
  return { key, id: createHash('sha256').update('id').update(key).digest('hex').slice(0, 8) };
};

const derived = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'jari', purpose, 32));
