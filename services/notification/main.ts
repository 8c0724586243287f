import { str } from 'envalid';
import { seconds } from '#kernel/time.ts';
import type { Outside, Plugged, Service } from '#adapters/host/service.ts';
import { policy, type Policy } from '#adapters/resilience/policy.ts';
import { notificationRpc } from './adapters/grpc.ts';
import { noMail, smtpMail } from './adapters/mail.ts';
import { hear, heardEvents } from './adapters/messages.ts';
import { openMessenger } from './adapters/messenger.ts';
import { sandboxRpc } from './adapters/sandbox-grpc.ts';
import { migrations, mikroOrmMessages, mikroOrmPartiesTo, mikroOrmProfiles } from './adapters/store.ts';
import type { Ports } from './ports.ts';
import { deliver } from './usecases.ts';

/** Notification (알림): a message to each person concerned, about each change of an order and of its delivery. Only listens. */
export const service: Service = {
  name: 'notification',
  migrations,
  settings: {
    MESSENGER_URL: str({ default: '', desc: 'Address of the provider of Alimtalk and SMS; empty, in development, starts a sandbox within the service' }),
    SMTP_URL: str({ default: '', desc: 'Mail server, e.g. `smtp://user:password@mail:587`; empty: nobody is written to by e-mail' }),
    MAIL_FROM: str({ default: 'Jari <no-reply@jari.example>', desc: 'Sender of e-mails' }),
    JARI_DATA: str({ default: '.jari', desc: 'Folder of everything that is kept' }),
  },
  plug(outside: Outside): Plugged {
    const { store, settings, log, now, development } = outside;
    const messenger = openMessenger(outside);
    const url = String(settings['SMTP_URL']);
    const mail = url ? smtpMail({ url, from: String(settings['MAIL_FROM']) }) : noMail;
    const wayTo = (name: string): Policy =>
      policy({
        ...{ name, timeoutMs: seconds(5), attempts: 1 }, // the timer asks again, with growing pauses; nothing else does
        breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
        bulkhead: { concurrent: 16, queued: 256 },
        onStateChange: (breaker) => log.warn({ breaker }, `notification: the way to the ${name} changed`),
      });
    const [toMessenger, toMail] = [wayTo('messenger'), wayTo('mail-server')];
    const ports: Ports = {
      messages: mikroOrmMessages(store),
      profiles: mikroOrmProfiles(store),
      partiesTo: mikroOrmPartiesTo(store),
      send: (letter) => (letter.channel === 'EMAIL' ? toMail.run(() => mail.send(letter)) : toMessenger.run(() => messenger.send(letter))),
      now,
      random: Math.random,
    };
    return {
      rpc: [notificationRpc(ports), ...(development ? [sandboxRpc(messenger)] : [])],
      hears: { events: heardEvents, commands: [], hear: hear(ports) },
      timers: { 'message/deliver': (id) => deliver(ports, id) },
      breakers: [toMessenger, toMail],
      async start() {
        await messenger.ready();
      },
      async stop() {
        mail.close();
        await messenger.close();
      },
    };
  },
};
