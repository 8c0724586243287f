import type { Updated } from '#kernel/aggregate.ts';
import { refuse, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { seconds, type Instant } from '#kernel/time.ts';
import type { Unanswered } from '#kernel/unanswered.ts';
import { allowance, mayLeave } from './limit.ts';
import { message, waysTo, type MessageInput, type Outside } from './message.ts';
import {
  contactIn,
  languageOf,
  profile,
  type Change,
  type Contact,
  type ContactKind,
  type Language,
  type NewCode,
  type Profile,
  type ProfileEvent,
  type ProfileInput,
  type ProfileRefusal,
} from './profile.ts';
import type { Letter, Ports, Secrets } from './ports.ts';
import { textOf, type Facts } from './templates.ts';
import { accountChangeText, codeText, summaryText } from './texts-own.ts';
import type { Recipient } from './texts.ts';

type UpdatedProfile = Updated<Profile, ProfileRefusal>;

/** How a person wants to be written to. An address that is new is not verified: a code goes to it. */
export async function updateProfile(
  { profiles, takeCode, secrets, now }: Pick<Ports, 'profiles' | 'takeCode' | 'secrets' | 'now'>,
  userId: string,
  wishes: { language: Language } & Record<ContactKind, string>,
): Promise<UpdatedProfile> {
  const at = now();
  const codes = { phone: newCode(secrets, userId, 'phone'), email: newCode(secrets, userId, 'email') };
  const decide = (state: Profile): Decision<ProfileEvent, ProfileRefusal> => {
    const change = (kind: ContactKind): Change => {
      if (!wishes[kind]) return 'forget';
      return isNew(state, kind, wishes[kind], secrets)
        ? { sealed: secrets.seal(wishes[kind]), code: codes[kind] }
        : 'keep';
    };
    return profile.decide(state, {
      type: 'UpdateProfile',
      language: wishes.language,
      phone: change('phone'),
      email: change('email'),
      at,
    });
  };
  const state = await profiles.get(userId);
  const decided = decide(state); // whoever may ask for no more codes takes none of the address's
  if (!decided.accepted) return decided;
  for (const kind of ['phone', 'email'] as const) {
    const refusal = isNew(state, kind, wishes[kind], secrets) && (await takeCode(kind, wishes[kind], userId, at));
    if (refusal) return refuse(refusal);
  }
  return profiles.update(userId, decide);
}

function isNew(state: Profile, kind: ContactKind, wanted: string, secrets: Secrets): boolean {
  const known = contactIn(state, kind);
  return wanted !== '' && (!known || secrets.open(known.sealed) !== wanted);
}

function newCode(secrets: Secrets, userId: string, kind: ContactKind): NewCode {
  const { text, hash } = secrets.newCode(userId, kind);
  return { hash, sealed: secrets.seal(text) };
}

/** Another code for an address that is not verified; the one before no longer counts. */
export async function resendCode(
  { profiles, takeCode, secrets, now }: Pick<Ports, 'profiles' | 'takeCode' | 'secrets' | 'now'>,
  userId: string,
  kind: ContactKind,
): Promise<UpdatedProfile> {
  const at = now();
  const code = newCode(secrets, userId, kind);
  const decide = (state: Profile): Decision<ProfileEvent, ProfileRefusal> =>
    profile.decide(state, { type: 'ResendCode', kind, code, at });
  const state = await profiles.get(userId);
  const decided = decide(state);
  if (!decided.accepted) return decided;
  const address = secrets.open(contactIn(state, kind)?.sealed ?? '');
  if (!address) return refuse('nothing-to-verify');
  const refusal = await takeCode(kind, address, userId, at);
  return refusal ? refuse(refusal) : profiles.update(userId, decide);
}

/** Every attempt is counted, and only then compared. */
export async function verifyContact(
  { profiles, secrets, now }: Pick<Ports, 'profiles' | 'secrets' | 'now'>,
  userId: string,
  kind: ContactKind,
  code: string,
): Promise<UpdatedProfile> {
  const at = now();
  const begun = await profiles.updateWithoutProof(userId, (state) =>
    profile.decide(state, { type: 'BeginVerification', kind, at }),
  );
  if (!begun.accepted) return begun;
  return profiles.update(userId, (state) => {
    const hash = contactIn(state, kind)?.code?.hash ?? '';
    return profile.decide(state, { type: 'VerifyContact', kind, fits: secrets.fits(code, userId, kind, hash), at });
  });
}

/** The timers `send-phone-code` and `send-email-code`: hands a code to its provider. */
export async function sendCode(
  ports: Pick<Ports, 'profiles' | 'secrets' | 'send' | 'now' | 'random'>,
  userId: string,
  kind: ContactKind,
): Promise<void> {
  const { profiles, secrets } = ports;
  const state = await profiles.get(userId);
  const contact = contactIn(state, kind);
  if (!contact?.code?.sealed) return;
  const { hash, sealed, tries } = contact.code;
  const [address, code] = [secrets.open(contact.sealed), secrets.open(sealed)];
  const channel = kind === 'phone' ? 'SMS' : 'EMAIL';
  const answered =
    address === undefined || code === undefined
      ? ({ type: 'Refused', reason: 'ADDRESS_UNREADABLE' } as const)
      : await handOver(
          ports,
          {
            key: `${userId}-${channel.toLowerCase()}-${hash.slice(0, 16)}`,
            orderId: userId,
            channel,
            address,
            text: codeText(code, languageOf(state)),
          },
          tries,
        );
  await profiles.update(userId, (current) => profile.decide(current, codeInput(answered, kind, hash)));
}

function codeInput(answered: Answered, kind: ContactKind, hash: string): ProfileInput {
  switch (answered.type) {
    case 'Taken':
      return { type: 'CodeTaken', kind, hash };
    case 'Refused':
      return { type: 'CodeRefused', kind, hash };
    case 'Unanswered':
      return { type: 'CodeUnanswered', kind, hash, retryAt: answered.retryAt };
  }
}

/** What is written to a person about an event, in that person's language. */
export async function writeMessage(
  { profiles }: Pick<Ports, 'profiles'>,
  order: OrderRef,
  recipient: { id: string; as: Recipient },
  facts: Facts,
): Promise<MessageInput> {
  const state = await profiles.get(recipient.id);
  const language = languageOf(state);
  return {
    type: 'WriteMessage',
    note: { order, recipientId: recipient.id, language, ...textOf(facts, recipient.as, language) },
    ways: waysTo(state),
  };
}

/** A seller is told of a change of the payout account, whoever made it. */
export async function warnOfAccountChange(
  { profiles }: Pick<Ports, 'profiles'>,
  sellerId: string,
  changedAt: Instant,
): Promise<MessageInput> {
  const state = await profiles.get(sellerId);
  const language = languageOf(state);
  return {
    type: 'WriteMessage',
    note: { recipientId: sellerId, language, text: accountChangeText(changedAt, language) },
    ways: waysTo(state),
  };
}

/** The timer `deliver`: hands a waiting message to its provider. */
export async function deliver(ports: Ports, id: string): Promise<void> {
  const kept = await ports.messages.get(id);
  if (kept?.state.status !== 'pending') return;
  const { channel, note, tries } = kept.state;
  const contact = await verifiedContact(ports, note.recipientId, channel);
  const input = await outcome();
  await ports.messages.update(id, (state) => message.decide(state, input));

  async function outcome(): Promise<MessageInput> {
    if (!contact) return { type: 'Refused', reason: 'NOT_VERIFIED' };
    if (!(await mayGo(ports, note.recipientId, id, note.order))) return { type: 'HoldBack' };
    const address = ports.secrets.open(contact.sealed);
    if (address === undefined) return { type: 'Refused', reason: 'NOT_VERIFIED' };
    return handOver(
      ports,
      {
        key: `${id}-${channel.toLowerCase()}`,
        orderId: note.order?.id ?? note.recipientId,
        channel,
        address,
        text: note.outside ?? note.text,
      },
      tries,
    );
  }
}

/** The contact of a channel, as the profile is now. */
async function verifiedContact(
  { profiles }: Pick<Ports, 'profiles'>,
  userId: string,
  channel: Outside,
): Promise<Contact | undefined> {
  const contact = contactIn(await profiles.get(userId), channel === 'EMAIL' ? 'email' : 'phone');
  return contact?.verified ? contact : undefined;
}

async function mayGo(
  { allowances, mostPerHour, now }: Ports,
  userId: string,
  id: string,
  order: OrderRef | undefined,
): Promise<boolean> {
  return mayLeave(
    await allowances(userId, (state) =>
      allowance.decide(state, { type: 'Ask', id, order, at: now(), most: mostPerHour }),
    ),
    id,
  );
}

/** The timer `summarise`: one message in place of those that were held back. */
export async function summarise(ports: Ports, userId: string): Promise<void> {
  const at = ports.now();
  const { summary } = await ports.allowances(userId, (state) =>
    allowance.decide(state, { type: 'Summarise', id: ports.summaryId(userId, at), at }),
  );
  if (!summary) return;
  const state = await ports.profiles.get(userId);
  const language = languageOf(state);
  const note = { order: summary.order, recipientId: userId, language, text: summaryText(summary.count, language) };
  await ports.messages.update(summary.id, (current) =>
    message.decide(current, { type: 'WriteMessage', note, ways: waysTo(state) }),
  );
}

export type Answered =
  | { type: 'Taken' }
  | { type: 'Refused'; reason: string }
  | { type: 'Unanswered'; retryAt: Instant };

export async function handOver(
  { send, now, random }: Pick<Ports, 'send' | 'now' | 'random'>,
  letter: Letter,
  tries: number,
): Promise<Answered> {
  try {
    const answer = await send(letter, tries);
    return answer.outcome === 'taken' ? { type: 'Taken' } : { type: 'Refused', reason: answer.reason };
  } catch (error) {
    const backOff = Math.min(seconds(60), seconds(1) * 2 ** tries) * (0.5 + random() / 2);
    return { type: 'Unanswered', retryAt: now() + ((error as Unanswered).comeBackMs ?? backOff) };
  }
}
