import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { placeOf } from '#adapters/grpc/client-address.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import { currentScope, withoutProof } from '#adapters/scope/scope.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import { minutes, type Instant } from '#kernel/time.ts';
import { codeQuota, dayTotal, mailQuota } from '../limit.ts';
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

/** A quota's id is derived from what it counts, and an account's name from both, so that the table reveals neither. */
export function mikroOrmTakeCode({ store, sealing, limits, onLimit }: Needed): TakeCode {
  const take = async (counted: string, userId: string, most: { most: number; mostAccounts: number }, at: Instant) => {
    const id = uuidOf(0, sealing.digest(`quota/${counted}`));
    const account = sealing.digest(`asker/${counted}/${userId}`);
    const asked = { type: 'CodeAsked', account, at, ...most } as const;
    return (await withoutProof(() => store.update(storedCodeQuotas, id, (state) => codeQuota.decide(state, asked))))
      .accepted;
  };
  const takeText = async (at: Instant): Promise<boolean> => {
    const asked = { type: 'TextAsked', at, most: limits.textsPerDay } as const;
    return (
      await withoutProof(() => store.update(storedDayTotals, dayTotalId, (state) => dayTotal.decide(state, asked)))
    ).accepted;
  };
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
    const asked = { type: 'MailAsked', id: mailId, at, most } as const;
    const { accepted } = await withoutProof(() =>
      store.update(storedMailQuotas, id, (state) => mailQuota.decide(state, asked)),
    );
    if (!accepted) onLimit('mailbox', at);
    return accepted;
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
