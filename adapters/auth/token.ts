// `npm run -s token -- NAME[:ROLE,…]` prints a token of the development key: sub is made of the name, so that a name is always the same user.
import { importJWK, SignJWT } from 'jose';
import { idOf } from '#kernel/ids.ts';
import { roles, type Caller, type Role } from '#adapters/rpc/rpc.ts';
import { developmentKey, type SigningKey } from './keys.ts';

export const issuer = 'https://jari.local';
export const audience = 'jari';

/** Names that say what they are; every other name is a customer. */
const rolesOfName: Readonly<Record<string, Role>> = {
  guest: 'customer',
  buyer: 'customer',
  customer: 'customer',
  host: 'host',
  seller: 'seller',
  dealer: 'dealer',
  courier: 'courier',
  agent: 'agent',
  admin: 'admin',
};

/** Id of the user of that name. */
export const userId = (name: string): string => idOf('user', name);

/** Somebody asked for a token that cannot be. */
export class Misuse extends Error {}

/** `guest`, `mina:host,customer` → whom the token speaks of. */
export function personOf(text: string): { name: string; roles: readonly Role[] } {
  const [name = '', wanted, ...more] = text.split(':');
  if (!name.trim() || more.length) throw new Misuse('usage: npm run -s token -- NAME[:ROLE,…]');
  if (wanted === undefined)
    return { name, roles: [Object.hasOwn(rolesOfName, name) ? rolesOfName[name]! : 'customer'] };
  const unknown = wanted.split(',').filter((role) => !isRole(role));
  if (unknown.length)
    throw new Misuse(`unknown role ${unknown.map((role) => `"${role}"`).join(', ')}; roles are ${roles.join(', ')}`);
  return { name, roles: wanted.split(',').filter(isRole) };
}

/** A token as the command prints it, good for 12 hours. Whoever prints it has proved by that who they are. */
export async function issueToken(text: string, key: SigningKey, at = new Date()): Promise<string> {
  const { name, roles: theirs } = personOf(text);
  return signed({ id: userId(name), name, roles: theirs, authTime: at.getTime() }, '12h', key, at);
}

/** A token that speaks of somebody, for so long or until then. */
export const signed = async (
  { id, name, roles: theirs, authTime }: Caller & { name: string },
  lasts: string | Date,
  key: SigningKey,
  at = new Date(),
): Promise<string> =>
  new SignJWT({
    ...{ name, roles: theirs },
    ...(authTime !== undefined && { auth_time: Math.floor(authTime / 1_000) }),
  })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
    .setSubject(id)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(at)
    .setExpirationTime(lasts)
    .sign(await importJWK(key, 'ES256'));

const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);

if (import.meta.main) {
  try {
    const [text = '', ...more] = process.argv.slice(2);
    personOf(more.length ? '' : text); // before a key is made for nothing
    console.log(await issueToken(text, await developmentKey()));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof Misuse ? 2 : 1;
  }
}
