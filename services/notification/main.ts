import { num, str } from 'envalid';
import { seconds } from '#kernel/time.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { limited, partyLimit, type LimitedWay, type PartyLimit } from '#adapters/resilience/party-limit.ts';
import { policy, type Policy } from '#adapters/resilience/policy.ts';
import { forMails } from '#adapters/sealing/purposes.ts';
import { isSealed, sealingFor } from '#adapters/sealing/sealing.ts';
import { secretsOf, sealingSettings } from '#adapters/sealing/secrets.ts';
import { count, perSecond, times } from '#adapters/settings/settings.ts';
import { notificationRpc } from './adapters/grpc.ts';
import { noMail, smtpMail } from './adapters/mail.ts';
import { handlerOf, subscribedEvents, summaryId } from './adapters/messages.ts';
import { openMessenger } from './adapters/messenger.ts';
import { seedProfiles } from './adapters/sample.ts';
import { sandboxRpc } from './adapters/sandbox-grpc.ts';
import { callingCodes, isServed } from './adapters/phone.ts';
import { cleaning, limitAlarms, mikroOrmTakeCode, mikroOrmTakeMail } from './adapters/quotas.ts';
import { sealedSecrets } from './adapters/secrets.ts';
import { entities } from './adapters/entities.ts';
import {
  migrations,
  mikroOrmAllowances,
  mikroOrmMails,
  mikroOrmMessages,
  mikroOrmPartiesTo,
  mikroOrmProfiles,
  sealContacts,
  sealMails,
} from './adapters/store.ts';
import type { Letter, Ports, Send } from './ports.ts';
import { sendMail } from './mailing.ts';
import { deliver, sendCode, summarise } from './usecases.ts';

/** Notification (알림): a message to each person concerned, about each change of an order and of its delivery. Only listens. */
export const service = serviceOf({
  name: 'notification',
  migrations,
  entities,
  cleaning,
  settings: {
    MESSENGER_URL: str({
      default: '',
      desc: 'URL of the provider of Alimtalk and SMS. Empty, in development: the service starts a sandbox.',
    }),
    SMTP_URL: str({
      default: '',
      desc: 'URL of the mail server, such as `smtps://user:password@mail` or `smtp://user:password@mail:587?requireTLS=true`. Empty: no e-mail is sent.',
    }),
    MAIL_FROM: str({ default: 'Jari <no-reply@jari.example>', desc: 'Sender of e-mails.' }),
    JARI_MESSAGES_PER_HOUR: num({
      default: 20,
      desc: 'Most messages about orders sent to one person within an hour, and as many about the own account. Further ones are shown in the app; one summary mentions those about orders.',
    }),
    JARI_TEXT_COUNTRIES: callingCodes({
      default: '82',
      desc: 'Calling codes of the countries that texts go to, such as `82,81`. Numbers of other countries are refused. `1` is all of North America and the Caribbean.',
    }),
    JARI_CODES_PER_ADDRESS: count({
      default: 30,
      desc: 'Most codes that are sent within an hour for who calls from one address, or one IPv6 network (/64). 0 is no limit.',
    }),
    JARI_CODE_TEXTS_PER_DAY: count({
      default: 5_000,
      desc: 'Most codes that are sent by text within a day, to all together. Beyond them none is sent, and an alarm is raised. 0 is no limit.',
    }),
    JARI_MESSENGER_PER_SECOND: perSecond({
      default: 0,
      desc: 'Most calls a second from one process to the messenger. 0 is no limit until it answers 429.',
    }),
    JARI_MESSENGER_RECOVERY: times({
      default: 2,
      desc: 'After an outage, the messenger is called at most this many times as often as before it.',
    }),
    JARI_MAIL_PER_SECOND: perSecond({
      default: 0,
      desc: 'Most mails a second from one process to the mail server. 0 is no limit until it asks for a pause.',
    }),
    JARI_MAIL_RECOVERY: times({
      default: 2,
      desc: 'After an outage, the mail server is called at most this many times as often as before it.',
    }),
    ...sealingSettings,
    JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
  },
  plug(outside) {
    const { store, settings, log, now, development } = outside;
    const messenger = openMessenger(outside);
    const url = settings.SMTP_URL;
    const mail = url ? smtpMail({ url, from: settings.MAIL_FROM }) : noMail;
    const wayTo = (name: string): Policy =>
      policy({
        ...{ name, timeoutMs: seconds(5), attempts: 1 }, // the timer asks again, with growing pauses; nothing else does
        breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
        bulkhead: { concurrent: 16, queued: 256 },
        onStateChange: (breaker) =>
          log.warn({ breaker }, `notification: the circuit breaker for the ${name} changed its state`),
      });
    const [toMessenger, toMail] = [wayTo('messenger'), wayTo('mail-server')];
    const limitOn = ({ name }: Policy, perSecond: number, recovery: number): PartyLimit =>
      partyLimit({ name, perSecond, recovery });
    const limits = {
      messenger: limitOn(toMessenger, settings.JARI_MESSENGER_PER_SECOND, settings.JARI_MESSENGER_RECOVERY),
      mail: limitOn(toMail, settings.JARI_MAIL_PER_SECOND, settings.JARI_MAIL_RECOVERY),
    };
    const ways = { messenger: limited(toMessenger, limits.messenger), mail: limited(toMail, limits.mail) };
    const sendBy = async (way: LimitedWay, send: Send, letter: Letter, tries: number): ReturnType<Send> => {
      await way.turn(tries ? 'again' : 'first');
      return way.run(() => send(letter));
    };
    const sealed = secretsOf(outside);
    const [sealing, mailSealing] = [sealingFor('notification', sealed), sealingFor(forMails, sealed)];
    const countries = settings.JARI_TEXT_COUNTRIES.split(',');
    const counted = { store, sealing, onLimit: limitAlarms(log) };
    const ports: Ports = {
      messages: mikroOrmMessages(store),
      mails: mikroOrmMails(store),
      // What identity has not sealed is not its word.
      openForMail: (text) => (isSealed(text) ? sealedSecrets(mailSealing).open(text) : undefined),
      profiles: mikroOrmProfiles(store),
      takeCode: mikroOrmTakeCode({
        ...counted,
        limits: { perAddress: settings.JARI_CODES_PER_ADDRESS, textsPerDay: settings.JARI_CODE_TEXTS_PER_DAY },
      }),
      takeMail: mikroOrmTakeMail(counted),
      allowances: mikroOrmAllowances(store),
      partiesTo: mikroOrmPartiesTo(store),
      secrets: sealedSecrets(sealing),
      mostPerHour: settings.JARI_MESSAGES_PER_HOUR,
      summaryId,
      async send(letter, tries) {
        if (letter.channel === 'EMAIL') return sendBy(ways.mail, mail.send, letter, tries);
        // Numbers of before the setting was changed.
        if (!isServed(letter.address, countries)) return { outcome: 'refused', reason: 'COUNTRY_NOT_SERVED' };
        return sendBy(ways.messenger, messenger.send, letter, tries);
      },
      now,
      random: Math.random,
    };
    return {
      rpc: [notificationRpc(ports, sealing, countries), ...(development ? [sandboxRpc(messenger)] : [])],
      subscriptions: { events: subscribedEvents, commands: [], handle: handlerOf(ports) },
      timers: {
        'mail/send': (id) => sendMail(ports, id),
        'message/deliver': (id) => deliver(ports, id),
        'profile/send-phone-code': (id) => sendCode(ports, id, 'phone'),
        'profile/send-email-code': (id) => sendCode(ports, id, 'email'),
        'allowance/summarise': (id) => summarise(ports, id),
      },
      breakers: [toMessenger, toMail],
      limits: [limits.messenger, limits.mail],
      async start() {
        await messenger.ready();
        const unreadable = (await sealContacts(store, sealing)) + (await sealMails(store, mailSealing));
        if (unreadable)
          log.error(
            { unreadable },
            'notification: contacts are encrypted with a secret that is missing; add it to JARI_OLD_SECRETS',
          );
        if (development) await seedProfiles(ports.profiles, ports.secrets);
      },
      async stop() {
        mail.close();
        await messenger.close();
      },
    };
  },
});
