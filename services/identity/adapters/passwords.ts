import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import { dictionary } from '@zxcvbn-ts/language-common';
import { overloaded } from '#adapters/rpc/errors.ts';
import type { Passwords } from '../ports.ts';

const derive = promisify(argon2);

/** OWASP's second recommendation: 19 MiB, two passes. A hash carries its parameters, so that they can rise. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

const common = new Set(dictionary['passwords-common']);

/**
 * argon2id, computed in Node's thread pool, so that the event loop goes on. Half of the pool's four threads at a time, so that files and
 * host names are not waited for behind it.
 */
export function argon2Passwords(): Passwords {
  const threads = bulkhead(2, 200);
  const computed = async (
    password: string,
    nonce: Buffer,
    { memory, passes, parallelism, tagLength }: typeof parameters,
  ) =>
    threads
      .execute(() => derive('argon2id', { message: password, nonce, memory, passes, parallelism, tagLength }))
      .catch((error: unknown) => {
        throw error instanceof BulkheadRejectedError ? overloaded() : error;
      });
  return {
    async hash(password) {
      const nonce = randomBytes(16);
      return encoded(nonce, await computed(password, nonce, parameters));
    },
    async verify(password, hash) {
      const known = decoded(hash ?? nobody);
      const tag = await computed(password, known.nonce, { ...known, tagLength: known.tag.length });
      return timingSafeEqual(tag, known.tag) && hash !== null;
    },
    isCommon: (password) => common.has(password.toLowerCase()),
  };
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** In the form of the reference implementation: `$argon2id$v=19$m=19456,t=2,p=1$nonce$tag`. */
const encoded = (nonce: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$m=${parameters.memory},t=${parameters.passes},p=${parameters.parallelism}$${base64(nonce)}$${base64(tag)}`;

function decoded(hash: string) {
  const [, memory, passes, parallelism, nonce, tag] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash) ?? [];
  if (!nonce || !tag) throw new Error('a stored password hash cannot be read');
  return {
    ...{ memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    ...{ nonce: Buffer.from(nonce, 'base64'), tag: Buffer.from(tag, 'base64') },
  };
}

/** Compared with where there is no account. */
const nobody = encoded(Buffer.alloc(16), Buffer.alloc(32));
