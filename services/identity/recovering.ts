import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import { refuse, type Details } from '#kernel/decision.ts';
import { accountLink, linkLasts, type AccountLink, type LinkKind } from './account-link.ts';
import type { AttemptsRefusal } from './attempts.ts';
import type { Mail } from './invitation.ts';
import { isUsable, person, type Account, type Person } from './person.ts';
import type { Ports } from './ports.ts';
import type { Device } from './session.ts';
import { accountOf, forgetGuesses, countAttempt } from './usecases.ts';

type Refused<Refusal> = { accepted: false; refusal: Refusal; details?: Details };
type Done<Refusal> = { accepted: true } | Refused<Refusal>;

export type ResetRefusal = 'link-over' | 'password-common';
export type VerificationRefusal = 'no-such-person' | 'nothing-to-verify';

/**
 * Asks for a link to set a new password by. The same is done whether the account exists or not: the rest is the timer's. Strangers cannot keep
 * the owner from asking: they are counted where they are, and what all ask for beyond a total is answered alike, and not mailed.
 */
export async function requestPasswordReset(
  ports: Ports,
  email: string,
  { address }: Device,
): Promise<Done<AttemptsRefusal>> {
  const { digest } = ports.emails.sealed(email);
  const byAddress = await countAttempt(ports, 'forgot', address);
  if (!byAddress.accepted) return byAddress;
  const byAccount = await countAttempt(ports, 'mail', digest, address);
  if (!byAccount.accepted) return byAccount;
  const inAll = await countAttempt(ports, 'mail-total', digest);
  if (inAll.accepted) await ask(ports, 'reset', digest);
  return { accepted: true };
}

/** Asks for a link to verify the person's address by; also the timer `verify-email` of who has registered. */
export async function sendVerification(
  ports: Pick<Ports, 'people' | 'accountLinks' | 'newId'>,
  personId: string,
): Promise<Updated<AccountLink, VerificationRefusal>> {
  const found = await ports.people.get(personId);
  const account = found && accountOf(found.state);
  if (!account) return refuse('no-such-person');
  if (!account.email || account.emailVerified) return refuse('nothing-to-verify');
  return ask(ports, 'verification', account.email.digest);
}

const ask = (
  { accountLinks, newId }: Pick<Ports, 'accountLinks' | 'newId'>,
  kind: LinkKind,
  digest: string,
): Promise<Updated<AccountLink, never>> =>
  accountLinks.update(newId(), (state) => accountLink.decide(state, { type: 'AskLink', kind, digest }));

/** The timer `issue` of a link: makes its secret, and has it mailed to who has the address. */
export async function issueLink(ports: Ports, id: string): Promise<void> {
  const { accountLinks, people, secrets, now } = ports;
  const asked = (await accountLinks.get(id))?.state;
  if (asked?.status !== 'asked') return;
  const { kind, digest } = asked;
  const personId = await people.holderOf(digest);
  const found = personId === undefined ? undefined : await people.get(personId);
  const account = found && accountOf(found.state);
  if (!found || !account?.email || (kind === 'verification' && account.emailVerified)) {
    await accountLinks.update(id, (state) => accountLink.decide(state, { type: 'DropLink' }));
    return;
  }
  const secret = secrets.make();
  const issued = {
    ...{ personId: found.id, hash: secrets.hash(secret), expires: now() + linkLasts[kind] },
    passwordChanges: kind === 'reset' ? account.passwordChanges : null,
  };
  const mail = mailTo(ports, account, ports.links.toAccount(kind, id, secret));
  await accountLinks.update(id, (state) => accountLink.decide(state, { type: 'IssueLink', issued, mail }));
}

function mailTo({ emails, links }: Pick<Ports, 'emails' | 'links'>, { email, language }: Account, link: string): Mail {
  if (!email) throw new Error('an account without an address gets no mail');
  return { email: links.seal(emails.open(email)), link: links.seal(link), language };
}

/** The mail that tells of a new password. */
export const passwordMail = (ports: Pick<Ports, 'emails' | 'links'>, account: Account): Mail =>
  mailTo(ports, account, ports.links.toForgot());

interface Opened {
  link: Extract<AccountLink, { status: 'issued' }>;
  of: StoredAggregate<Person>;
  account: Account;
}

/** Whom a link is good for, if its secret is right. */
async function openLink(
  ports: Pick<Ports, 'accountLinks' | 'people' | 'secrets' | 'now'>,
  kind: LinkKind,
  id: string,
  secret: string,
): Promise<Opened | undefined> {
  const link = (await ports.accountLinks.get(id))?.state;
  // Of a hash of 256 random bits, the time of comparing tells nothing.
  if (link?.status !== 'issued' || link.kind !== kind || link.hash !== ports.secrets.hash(secret)) return undefined;
  const of = await ports.people.get(link.personId);
  return of && isUsable(link, of.state, ports.now()) ? { link, of, account: of.state.account } : undefined;
}

/** Whose account a link is good for. */
export const ownerOf = async (
  ports: Parameters<typeof openLink>[0],
  kind: LinkKind,
  { linkId, secret }: LinkCode,
): Promise<string | undefined> => (await openLink(ports, kind, linkId, secret))?.of.id;

export interface LinkCode {
  linkId: string;
  secret: string;
}

/** Counts a use of any mailed link by where it comes from: who guesses is stopped. */
export const countLinkUse = (
  ports: Pick<Ports, 'attempts' | 'quotas' | 'now'>,
  { address }: Device,
): ReturnType<typeof countAttempt> => countAttempt(ports, 'link', address);

/** Shows the page of a link. Each look counts. */
export async function readLink(
  ports: Ports,
  kind: LinkKind,
  { linkId, secret }: LinkCode,
  device: Device,
): Promise<{ accepted: true; email: string } | Refused<'link-over' | AttemptsRefusal>> {
  const taken = await countLinkUse(ports, device);
  if (!taken.accepted) return taken;
  const email = (await openLink(ports, kind, linkId, secret))?.account.email;
  return email ? { accepted: true, email: ports.emails.open(email) } : { accepted: false, refusal: 'link-over' };
}

/** Sets a new password by a link: whoever is first; all other links, and all sessions, are over. Its use has been counted. */
export async function resetPassword(
  ports: Ports,
  { linkId, secret, password }: LinkCode & { password: string },
  { address }: Device,
): Promise<Done<ResetRefusal>> {
  const opened = await openLink(ports, 'reset', linkId, secret);
  if (!opened) return { accepted: false, refusal: 'link-over' };
  if (ports.passwords.isCommon(password)) return { accepted: false, refusal: 'password-common' };
  const { link, of, account } = opened;
  const passwordHash = await ports.passwords.hash(password);
  const mail = passwordMail(ports, account);
  const updated = await ports.people.update(of.id, (state) =>
    person.decide(state, { type: 'ResetPassword', link, passwordHash, at: ports.now(), mail }),
  );
  if (!updated.accepted) return { accepted: false, refusal: 'link-over' };
  await forgetGuesses(ports, link.digest, address); // whoever forgot it has tried before
  return { accepted: true };
}

/** Marks the address as verified by a link. Using it again changes nothing. */
export async function verifyEmail(
  ports: Ports,
  { linkId, secret }: LinkCode,
  device: Device,
): Promise<Done<'link-over' | AttemptsRefusal>> {
  const taken = await countLinkUse(ports, device);
  if (!taken.accepted) return taken;
  const opened = await openLink(ports, 'verification', linkId, secret);
  if (!opened) return { accepted: false, refusal: 'link-over' };
  const { link, of } = opened;
  const updated = await ports.people.update(of.id, (state) =>
    person.decide(state, { type: 'VerifyEmail', link, at: ports.now() }),
  );
  return updated.accepted ? { accepted: true } : { accepted: false, refusal: 'link-over' };
}
