import type { Ports } from './ports.ts';
import type { MailAsked } from './limit.ts';
import { mail, type Mail, type MailKind } from './mail.ts';
import { mailText } from './texts-mail.ts';
import { handOver, type Answered } from './usecases.ts';

type Pending = Extract<Mail, { status: 'pending' }>;

/**
 * Mails to one mailbox. Strangers who register addresses of it leave room for the links that its owner asks for. That a password was changed is
 * always told: nobody can keep it from the owner by causing other mails.
 */
const most: Readonly<Record<MailKind, MailAsked['most'] | undefined>> = {
  verification: { hour: 5, day: 10 },
  invitation: { hour: 5, day: 10 },
  reset: { hour: 10, day: 20 },
  'password-changed': undefined,
};

/** The timer `send` of a mail: hands it to the mail server, unless its mailbox has had as many as may be. Nobody is told of that. */
export async function sendMail(
  ports: Pick<Ports, 'mails' | 'openForMail' | 'takeMail' | 'send' | 'now' | 'random'>,
  id: string,
): Promise<void> {
  const state = await ports.mails.get(id);
  if (state.status !== 'pending') return;
  const answered = await outcome(ports, id, state);
  await ports.mails.update(id, (current) => mail.decide(current, answered));
}

async function outcome(
  ports: Parameters<typeof sendMail>[0],
  id: string,
  { mail: of, tries }: Pending,
): Promise<Answered> {
  const [address, link] = [ports.openForMail(of.address), ports.openForMail(of.link)];
  if (address === undefined || link === undefined) return { type: 'Refused', reason: 'ADDRESS_UNREADABLE' };
  const limit = most[of.kind];
  if (limit && !(await ports.takeMail(id, address, limit, ports.now())))
    return { type: 'Refused', reason: 'TOO_MANY_MAILS' };
  return handOver(
    ports,
    { ...{ key: `${id}-email`, orderId: id, channel: 'EMAIL', address }, text: mailText({ ...of, link }) },
    tries,
  );
}
