import { createHash, randomBytes } from 'node:crypto';
import { str } from 'envalid';
import { days, minutes, seconds } from '#kernel/time.ts';
import { newId } from '#kernel/ids.ts';
import { issuerOf, publicUrlOf } from '#adapters/auth/issuers.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import { serviceOf, subscriptionsOf } from '#adapters/service/service.ts';
import { sealStored } from '#adapters/mikro-orm/seal-stored.ts';
import { forMails } from '#adapters/sealing/purposes.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { secretsOf, sealingSettings } from '#adapters/sealing/secrets.ts';
import { count, days as inDays, seconds as inSeconds } from '#adapters/settings/settings.ts';
import { sealedLinks } from './adapters/links.ts';
import { sealedEmails } from './adapters/emails.ts';
import { entities } from './adapters/entities.ts';
import { identityRpc } from './adapters/grpc.ts';
import { argon2Passwords } from './adapters/passwords.ts';
import { reseal } from './adapters/reseal.ts';
import { seedPeople } from './adapters/sample.ts';
import { signInRpc } from './adapters/sign-in-grpc.ts';
import { newSigningKey, signing as signingWith } from './adapters/signing.ts';
import {
  cleaning,
  longestWindow,
  migrations,
  mikroOrmAccountLinks,
  mikroOrmAttempts,
  mikroOrmInvitations,
  mikroOrmKeys,
  mikroOrmPeople,
  mikroOrmSessions,
} from './adapters/store.ts';
import type { Ports } from './ports.ts';
import { issueLink, sendVerification } from './recovering.ts';
import { endSessions, ensureKey, rotateKeys } from './usecases.ts';

export { openSignIn } from './adapters/pages/open.ts';

/** Identity (회원): people, their sessions, and the keys that their tokens are signed with. */
export const service = serviceOf({
  name: 'identity',
  migrations,
  entities,
  cleaning,
  settings: {
    JARI_ACCESS_TOKEN_SECONDS: inSeconds({ default: 600, desc: 'How long an access token is good, in seconds.' }),
    JARI_SESSION_IDLE_DAYS: inDays({ default: 30, desc: 'Days after which a session ends that nobody used.' }),
    JARI_SESSION_DAYS: inDays({ default: 180, desc: 'Days after which a session ends in any case.' }),
    JARI_KEY_DAYS: inDays({ default: 90, desc: 'Days after which a new signing key is made.' }),
    JARI_KEY_LEAD_SECONDS: inSeconds({
      default: 600,
      desc: 'Seconds from when a new signing key is published until it signs. Verifiers must fetch the keys more often.',
    }),
    JARI_SIGN_INS_PER_ACCOUNT: count({
      default: 5,
      desc: 'Most attempts to sign in to one account from one address, or one IPv6 network (/64), within five minutes; from all together ten times as many. 0 is no limit.',
    }),
    JARI_SIGN_INS_PER_ADDRESS: count({
      default: 100,
      desc: 'Most attempts to sign in from one address, or one IPv6 network (/64), within five minutes, most registrations, and most uses of links to accounts and requests for them. 0 is no limit.',
    }),
    ...sealingSettings,
    JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
  },
  plug(outside) {
    const { store, settings, log, now, development } = outside;
    const secrets = secretsOf(outside);
    const sealing = sealingFor('identity', secrets);
    const quotaOf = (most: number) => ({ most, withinMs: minutes(5) });
    const ports: Ports = {
      people: mikroOrmPeople(store),
      sessions: mikroOrmSessions(store),
      invitations: mikroOrmInvitations(store),
      links: sealedLinks(sealing, sealingFor(forMails, secrets), publicUrlOf(settings)),
      accountLinks: mikroOrmAccountLinks(store),
      keys: mikroOrmKeys(store, newSigningKey(sealing)),
      attempts: mikroOrmAttempts(store, sealing),
      passwords: argon2Passwords(),
      emails: sealedEmails(sealing),
      secrets: {
        make: () => randomBytes(32).toString('base64url'),
        hash: (secret) => createHash('sha256').update(secret).digest('base64url'),
      },
      quotas: {
        account: quotaOf(settings.JARI_SIGN_INS_PER_ACCOUNT),
        address: quotaOf(settings.JARI_SIGN_INS_PER_ADDRESS),
        'account-total': quotaOf(10 * settings.JARI_SIGN_INS_PER_ACCOUNT),
        mail: { most: 5, withinMs: longestWindow },
        'mail-total': { most: 10, withinMs: longestWindow },
      },
      lifetimes: { idle: days(settings.JARI_SESSION_IDLE_DAYS), most: days(settings.JARI_SESSION_DAYS) },
      ages: {
        lead: seconds(settings.JARI_KEY_LEAD_SECONDS),
        most: days(settings.JARI_KEY_DAYS),
        tokens: seconds(settings.JARI_ACCESS_TOKEN_SECONDS) + minutes(5), // and whatever clocks differ by
      },
      now,
      newId,
    };
    const signing = signingWith({
      ...ports,
      sealing,
      issuer: issuerOf(settings),
      lastsMs: seconds(settings.JARI_ACCESS_TOKEN_SECONDS),
    });
    return {
      rpc: [identityRpc(ports, signing, sealing), signInRpc(ports, signing, development)],
      subscriptions: subscriptionsOf(),
      timers: {
        'key_ring/rotate': async () => void (await rotateKeys(ports)),
        'person/verify-email': async (id) => void (await sendVerification(ports, id)),
        'account_link/issue': (id) => issueLink(ports, id),
        'person/end-sessions': (id) => withoutProof(() => endSessions(ports, id)), // each session is a change of its own
      },
      publicKeys: signing.publicKeys,
      async start() {
        const unreadable =
          (await reseal(store, ports, sealing)) +
          (await sealStored(store, sealing, 'invitation', ['invited', 'email']));
        if (unreadable)
          log.error(
            { unreadable },
            'identity: keys or e-mail addresses are encrypted with a secret that is missing; add it to JARI_OLD_SECRETS',
          );
        await ensureKey(ports);
        if (development) await seedPeople(ports.people);
      },
    };
  },
});
