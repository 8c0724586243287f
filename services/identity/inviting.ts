import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import { refuse } from '#kernel/decision.ts';
import { days, type Instant } from '#kernel/time.ts';
import { invitation, type Invitation, type InvitationRefusal, type Invited } from './invitation.ts';
import { isAdministrator, person, type Language, type Person, type PersonRefusal, type StaffRole } from './person.ts';
import type { Ports } from './ports.ts';

/** How long an invitation may be accepted. */
export const invitationLasts = days(3);

/** Invites somebody to a role; the link is mailed. */
export function invite(
  { invitations, emails, links, secrets, now, newId }: Ports,
  { email, role, language }: { email: string; role: StaffRole; language: Language },
  by: string,
): Promise<Updated<Invitation, InvitationRefusal>> {
  const id = newId();
  const sealed = emails.sealed(email);
  const invited: Invited = {
    ...{ role, by, email: sealed.sealed, hash: secrets.hash(links.secretOf(id)) },
    expires: now() + invitationLasts,
  };
  const mail = { email: links.seal(emails.open(sealed)), link: links.seal(links.linkOf(id)), language };
  return invitations.update(id, (state) => invitation.decide(state, { type: 'Invite', invited, mail }));
}

export const withdrawInvitation = (
  { invitations }: Pick<Ports, 'invitations'>,
  id: string,
): Promise<Updated<Invitation, InvitationRefusal>> =>
  invitations.update(
    id,
    (state, taker) => invitation.decide(state, { type: 'Withdraw', accepted: taker !== undefined && taker !== id }),
    () => invitations.takenBy(id),
  );

/** The invitation of a link that can still be accepted. */
export async function openInvitation(
  ports: Pick<Ports, 'people' | 'invitations' | 'secrets' | 'now'>,
  id: string,
  secret: string,
): Promise<StoredAggregate<Invitation> | undefined> {
  const found = await invitedBy(ports, id, secret);
  if (!found || !isUsable(found, ports.now()) || !(await mayInvite(ports, found.state.invited.by))) return undefined;
  return (await ports.invitations.takenBy(id)) === undefined ? found : undefined;
}

/** Gives the person the role of an invitation: the first who asks, once. Its use has been counted. */
export async function acceptInvitation(
  ports: Pick<Ports, 'people' | 'invitations' | 'secrets' | 'now'>,
  personId: string,
  id: string,
  secret: string,
): Promise<Updated<Person, PersonRefusal>> {
  const found = await invitedBy(ports, id, secret);
  if (!found) return refuse('invitation-over');
  return ports.people.update(
    personId,
    (state, { taker, isBacked }) =>
      person.decide(state, {
        ...{ type: 'AcceptInvitation', invitationId: id, role: found.state.invited.role },
        usable: isBacked && isUsable(found, ports.now()),
        takenBy: taker === undefined ? 'nobody' : taker === personId ? 'person' : 'another',
      }),
    async () => ({
      taker: await ports.invitations.takenBy(id),
      isBacked: await mayInvite(ports, found.state.invited.by),
    }),
  );
}

/** Who was an administrator and is none any more leaves no invitation behind. Others who invited are no people here. */
export async function mayInvite({ people }: Pick<Ports, 'people'>, by: string): Promise<boolean> {
  const inviter = await people.get(by);
  return !inviter || isAdministrator(inviter.state);
}

/** Whether somebody has an invitation's link, whatever became of it. */
export const isInvited = async (...of: Parameters<typeof invitedBy>): Promise<boolean> =>
  (await invitedBy(...of)) !== undefined;

type Known = StoredAggregate<Exclude<Invitation, { status: 'none' }>>;

/** By id and secret, whatever became of it. */
async function invitedBy(
  { invitations, secrets }: Pick<Ports, 'invitations' | 'secrets'>,
  id: string,
  secret: string,
): Promise<Known | undefined> {
  const found = await invitations.get(id);
  if (!found || found.state.status === 'none') return undefined;
  // Of a hash of 256 random bits, the time of comparing tells nothing.
  return found.state.invited.hash === secrets.hash(secret) ? { ...found, state: found.state } : undefined;
}

const isUsable = ({ state: { status, invited } }: Known, at: Instant): boolean =>
  status === 'open' && invited.expires > at;
