import type { Ports } from './ports.ts';
import { mail } from './mail.ts';
import { mailText } from './texts-mail.ts';
import { handOver, type Answered } from './usecases.ts';

/** The timer `send` of a mail: hands it to the mail server. */
export async function sendMail(
  ports: Pick<Ports, 'mails' | 'openForMail' | 'send' | 'now' | 'random'>,
  id: string,
): Promise<void> {
  const state = await ports.mails.get(id);
  if (state.status !== 'pending') return;
  const [address, link] = [ports.openForMail(state.mail.address), ports.openForMail(state.mail.link)];
  const answered: Answered =
    address === undefined || link === undefined
      ? { type: 'Refused', reason: 'ADDRESS_UNREADABLE' }
      : await handOver(
          ports,
          {
            ...{ key: `${id}-email`, orderId: id, channel: 'EMAIL', address },
            text: mailText({ ...state.mail, link }),
          },
          state.tries,
        );
  await ports.mails.update(id, (current) => mail.decide(current, answered));
}
