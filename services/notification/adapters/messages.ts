import { createHash } from 'node:crypto';
import type { OrderRef } from '#kernel/ids.ts';
import { days, type Instant } from '#kernel/time.ts';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import { event, type Envelope, type Outgoing } from '#adapters/bus/messages.ts';
import { type Addressed, inputFor } from '#adapters/service/service.ts';
import type { Stored } from '#adapters/mikro-orm/store.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { CapabilityEvent, CoreEvent, order_PhaseToJSON, type Order } from '#proto/jari/order/v1/order.ts';
import {
  EmailVerificationRequested,
  PasswordChanged,
  PasswordResetRequested,
  PersonInvited,
} from '#proto/jari/identity/v1/messages.ts';
import { MessageSent } from '#proto/jari/notification/v1/messages.ts';
import { PayoutAccountChanged } from '#proto/jari/payout/v1/messages.ts';
import type { IdentityMail, MailKind, Mail, MailEvent, MailInput } from '../mail.ts';
import type { Message, MessageEvent, MessageInput } from '../message.ts';
import { recipientsOf, type KnownParties, type Parties } from '../parties.ts';
import type { Ports } from '../ports.ts';
import type {
  Allowance,
  AllowanceEvent,
  AllowanceInput,
  CodeAsked,
  CodeQuota,
  DayTotal,
  MailAsked,
  MailQuota,
  TextAsked,
} from '../limit.ts';
import {
  allowances,
  codeQuotas,
  dayTotals,
  knownParties,
  mailQuotas,
  mails,
  messages,
  profiles,
  type SentMessage,
} from '../process.ts';
import type { Profile, ProfileEvent, ProfileInput, ProfileRefusal } from '../profile.ts';
import type { Facts } from '../templates.ts';
import { warnOfAccountChange, writeMessage } from '../usecases.ts';

export const storedProfiles: Stored<Profile, ProfileInput, ProfileEvent, ProfileRefusal, never> = {
  ...profiles,
  encode: (nothing) => nothing,
};
export const storedCodeQuotas: Stored<CodeQuota, CodeAsked, CodeAsked, 'too-many-codes', never> = {
  ...codeQuotas,
  encode: (nothing) => nothing,
};
export const storedDayTotals: Stored<DayTotal, TextAsked, TextAsked, 'codes-used-up', never> = {
  ...dayTotals,
  encode: (nothing) => nothing,
};
export const storedMailQuotas: Stored<MailQuota, MailAsked, MailAsked, 'too-many-mails', never> = {
  ...mailQuotas,
  encode: (nothing) => nothing,
};
export const storedAllowances: Stored<Allowance, AllowanceInput, AllowanceEvent, never, never> = {
  ...allowances,
  encode: (nothing) => nothing,
};
export const storedParties: Stored<KnownParties, Parties, Parties, never, never> = {
  ...knownParties,
  encode: (nothing) => nothing,
};
export const storedMails: Stored<Mail, MailInput, MailEvent, never, never> = { ...mails, encode: (nothing) => nothing };
export const storedMessages: Stored<Message, MessageInput, MessageEvent, never, SentMessage> = { ...messages, encode };

function encode({ order, recipientId, channel }: SentMessage, { id, version }: StoredAggregate<Message>): Outgoing {
  return event('jari.notification.v1.MessageSent', MessageSent, id, {
    order,
    version: BigInt(version),
    messageId: id,
    recipientId,
    channel,
  });
}

const accountChanged = 'payout.PayoutAccountChanged';

/** Events that are a mail, to an address that the event brings. */
const mailed: Readonly<Record<string, (envelope: Envelope) => Addressed>> = {
  'identity.PersonInvited': invited,
  'identity.PasswordResetRequested': linkOf('reset', PasswordResetRequested),
  'identity.EmailVerificationRequested': linkOf('verification', EmailVerificationRequested),
  'identity.PasswordChanged': passwordChanged,
};

/** Events that notification receives: every change of every order and of its delivery, of the accounts that are paid, and identity's mails. */
export const subscribedEvents = ['order.#', 'delivery.*', accountChanged, ...Object.keys(mailed)];

/** Each event is one message to each person concerned. */
export const handlerOf =
  (ports: Pick<Ports, 'profiles' | 'partiesTo'>) =>
  async (envelope: Envelope): Promise<readonly Addressed[]> => {
    if (envelope.routingKey === accountChanged) return [accountChange(ports, envelope)];
    const mail = mailed[envelope.routingKey];
    if (mail) return [mail(envelope)];
    if (!envelope.routingKey.startsWith('order.')) return messagesOfDelivery(ports, envelope);
    const { order } = CoreEvent.decode(envelope.payload);
    // A core event without its order is invalid: it becomes a dead letter.
    if (!order?.ref) throw new TypeError(`${envelope.type} names no order`);
    const parties: Parties = {
      customerId: order.customerId,
      providerId: order.providerId,
      title: order.title,
      version: Number(order.version),
    };
    return [
      inputFor(storedParties, order.ref.id, parties),
      ...written(ports, envelope, order.ref, parties, factsOf(envelope, order)),
    ];
  };

function factsOf({ type, time }: Envelope, { title, phase, reason, reasonText, attributes, total }: Order): Facts {
  // An order that continues has no reason: that of a refused cancellation is an attribute.
  const why = type.endsWith('CancelRefused') ? (attributes['cancel_refused'] ?? '') : reason;
  return {
    type,
    title,
    phase: order_PhaseToJSON(phase),
    reason: why,
    reasonText,
    attributes,
    total: total && fromProto(total),
    at: time,
  };
}

function accountChange(ports: Pick<Ports, 'profiles'>, { id, payload }: Envelope): Addressed {
  const { payeeId, changeTime } = PayoutAccountChanged.decode(payload);
  if (!payeeId || !changeTime) throw new TypeError('PayoutAccountChanged without payee_id or change_time');
  return inputFor(storedMessages, messageId(id, payeeId), () =>
    warnOfAccountChange(ports, payeeId, changeTime.getTime()),
  );
}

function invited({ payload }: Envelope): Addressed {
  const { invitationId, sealedEmail, sealedLink, role, language, expireTime } = PersonInvited.decode(payload);
  if (!invitationId || !expireTime) throw new TypeError('PersonInvited without invitation_id or expire_time');
  return mailOf(invitationId, {
    ...{ kind: 'invitation', address: sealedEmail, link: sealedLink, role, language, expires: expireTime.getTime() },
  });
}

/** A link to an account. */
function linkOf(
  kind: MailKind,
  message: typeof PasswordResetRequested | typeof EmailVerificationRequested,
): (envelope: Envelope) => Addressed {
  return ({ type, payload }) => {
    const { linkId, sealedEmail, sealedLink, language, expireTime } = message.decode(payload);
    if (!linkId || !expireTime) throw new TypeError(`${type} without link_id or expire_time`);
    return mailOf(linkId, {
      ...{ kind, address: sealedEmail, link: sealedLink, role: '', language, expires: expireTime.getTime() },
    });
  };
}

function passwordChanged({ id, payload }: Envelope): Addressed {
  const { sealedEmail, sealedLink, language, changeTime } = PasswordChanged.decode(payload);
  if (!changeTime) throw new TypeError('PasswordChanged without change_time');
  const expires = changeTime.getTime() + days(3); // later it is no news
  return mailOf(id, {
    ...{ kind: 'password-changed', address: sealedEmail, link: sealedLink, role: '', language, expires },
  });
}

const mailOf = (id: string, { language, ...mail }: Omit<IdentityMail, 'language'> & { language: string }): Addressed =>
  inputFor(storedMails, id, { type: 'WriteMail', mail: { ...mail, language: language === 'EN' ? 'EN' : 'KO' } });

/** The events of a delivery do not name its customer. */
async function messagesOfDelivery(
  ports: Pick<Ports, 'profiles' | 'partiesTo'>,
  envelope: Envelope,
): Promise<readonly Addressed[]> {
  const { order, again } = CapabilityEvent.decode(envelope.payload);
  if (again) return []; // people were told at the first answer
  if (!order) throw new TypeError(`${envelope.type} names no order`);
  const known = await ports.partiesTo(order.id);
  if (known.status === 'unknown') throw new Unavailable(`no event of the order ${order.id} has arrived yet`); // it is on its way
  return written(ports, envelope, order, known, {
    type: envelope.type,
    title: known.title,
    phase: '',
    reason: '',
    reasonText: '',
    attributes: {},
    at: envelope.time,
  });
}

const written = (
  ports: Pick<Ports, 'profiles'>,
  envelope: Envelope,
  order: OrderRef,
  parties: Parties,
  facts: Facts,
): Addressed[] =>
  recipientsOf(parties).map((recipient) =>
    inputFor(storedMessages, messageId(envelope.id, recipient.id), () => writeMessage(ports, order, recipient, facts)),
  );

/** The same for the same event and person, always; a UUIDv7 of the event's instant, so that ids rise with time. */
export function messageId(eventId: string, recipientId: string): string {
  const hash = createHash('sha256').update(`${eventId}/${recipientId}`).digest('hex');
  return `${eventId.slice(0, 15)}${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

/** Id of a person's summary that is written at that instant. */
export const summaryId = (userId: string, at: Instant): string => uuidOf(at, `summary/${userId}/${at}`);

/** A UUIDv7 of an instant, the same for the same text. */
export function uuidOf(at: Instant, text: string): string {
  const [time, hash] = [at.toString(16).padStart(12, '0'), createHash('sha256').update(text).digest('hex')];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
