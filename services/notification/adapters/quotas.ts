import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { placeOf } from '#adapters/grpc/client-address.ts';
import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { currentScope, withoutProof } from '#adapters/scope/scope.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import { minutes, type Instant } from '#kernel/time.ts';
import type { HeldBack, TakeCode, TakeMail } from '../ports.ts';
import { mostAccounts, mostCodes } from '../profile.ts';
import { mailbox } from './mail-address.ts';
import { storedCodeQuotas, storedDayTotals, storedMailQuotas, uuidOf } from './messages.ts';

/** 0 is no limit. */
export interface CodeLimits {
  /** Codes within an hour, for who calls from one network address. */
  perAddress: number;
  /** Codes by text within a day, for all together. */
  textsPerDay: number;
}

interface Needed {
  store: Store;
  sealing: Pick<Sealing, 'digest'>;
  limits: CodeLimits;
  /** Told of what is not sent because of a limit that strangers can reach together. */
  onLimit(limit: HeldBack, at: Instant): void;
}

/** Counts what is asked for, unless there have been as many as may be. */
const isCounted = async <State, Asked, Refusal extends string>(
  store: Store,
  of: Stored<State, Asked, Asked, Refusal, never>,
  id: string,
  asked: Asked,
): Promise<boolean> => (await withoutProof(() => store.update(of, id, (state) => of.decide(state, asked)))).accepted;

/** A quota's id is derived from what it counts, and an account's name from both, so that the table reveals neither. */
export function mikroOrmTakeCode({ store, sealing, limits, onLimit }: Needed): TakeCode {
  const take = (counted: string, userId: string, most: { most: number; mostAccounts: number }, at: Instant) => {
    const id = uuidOf(0, sealing.digest(`quota/${counted}`));
    const account = sealing.digest(`asker/${counted}/${userId}`);
    return isCounted(store, storedCodeQuotas, id, { type: 'CodeAsked', account, at, ...most });
  };
  const takeText = (at: Instant): Promise<boolean> =>
    isCounted(store, storedDayTotals, dayTotalId, { type: 'TextAsked', at, most: limits.textsPerDay });
  return async (kind, address, userId, at) => {
    const caller = currentScope()?.clientAddress;
    const perCaller = { most: limits.perAddress, mostAccounts: 0 };
    if (limits.perAddress && caller && !(await take(`from/${placeOf(caller)}`, userId, perCaller, at))) {
      onLimit('address', at);
      return 'too-many-codes';
    }
    if (!(await take(mailbox(address), userId, { most: mostCodes, mostAccounts }, at))) return 'too-many-codes';
    if (kind === 'phone' && limits.textsPerDay && !(await takeText(at))) {
      onLimit('day', at);
      return 'codes-used-up';
    }
    return undefined;
  };
}

/** All spellings of a mailbox count as one. */
export const mikroOrmTakeMail =
  ({ store, sealing, onLimit }: Omit<Needed, 'limits'>): TakeMail =>
  async (mailId, address, most, at) => {
    const id = uuidOf(0, sealing.digest(`mails/${mailbox(address)}`));
    const isFree = await isCounted(store, storedMailQuotas, id, { type: 'MailAsked', id: mailId, at, most });
    if (!isFree) onLimit('mailbox', at);
    return isFree;
  };

/** There is one total, and so one id. */
const dayTotalId = uuidOf(0, 'day-total');

/** Quotas that no longer count: the row was written at what was sent last. */
export const cleaning = [
  `delete from code_quota where updated_at < now() - interval '1 hour'`,
  `delete from mail_quota where updated_at < now() - interval '1 day'`,
];

/**
 * What limits held back, in the counter `jari_held_back` by limit. That of the day is also an error line, once an hour, and that of a
 * mailbox a warning.
 */
export function limitAlarms(log: Logger): (limit: HeldBack, at: Instant) => void {
  const counter = metrics.getMeter('jari').createCounter('jari_held_back', {
    description:
      'Codes and mails that were not sent because an address, a mailbox, or all together, have had as many as may be',
  });
  let alarmedAt = -Infinity;
  return (limit, at) => {
    counter.add(1, { limit });
    if (limit === 'mailbox')
      log.warn({ limit }, 'notification: a mail was not sent: its mailbox has had as many as may be');
    if (limit !== 'day' || at - alarmedAt < minutes(60)) return;
    alarmedAt = at;
    log.error({ limit }, 'notification: no more codes are sent by text today: JARI_CODE_TEXTS_PER_DAY is reached');
  };
}
