import { str } from 'envalid';
import { seconds } from '#kernel/time.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { seconds as inSeconds } from '#adapters/settings/settings.ts';
import { lectureRpc } from './adapters/grpc.ts';
import { iceSettings } from './adapters/ice.ts';
import { subscriptions } from './adapters/messages.ts';
import { openRoomFeed } from './adapters/room-feed.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmLectures, mikroOrmMailboxes } from './adapters/store.ts';
import type { Ports } from './ports.ts';
import { endOnTime, forgetSignals, peerFellSilent } from './usecases.ts';

/** Lecture (강의): when two people meet, the live room of each lecture, and the signals by which their browsers find each other. */
export const service = serviceOf({
  name: 'lecture',
  migrations,
  entities,
  settings: {
    JARI_HEARTBEAT_SECONDS: inSeconds({
      default: 15,
      desc: 'Seconds of silence after which a stream sends a sign of life.',
    }),
    STUN_URLS: str({
      default: '',
      desc: 'STUN servers for lectures, separated by commas, such as stun:stun.example.org.',
    }),
    TURN_URLS: str({
      default: '',
      desc: 'TURN servers for lectures, separated by commas, such as turn:turn.example.org?transport=udp.',
    }),
    TURN_SECRET: str({
      default: '',
      desc: 'Secret shared with the TURN servers (their use-auth-secret). Needed with TURN_URLS.',
    }),
  },
  plug({ store, settings, now }) {
    const beat = seconds(settings.JARI_HEARTBEAT_SECONDS);
    const ports: Ports = { lectures: mikroOrmLectures(store), mailboxes: mikroOrmMailboxes(store), now, beat };
    return {
      rpc: [lectureRpc(ports, openRoomFeed(store, beat), iceSettings(settings))],
      subscriptions: subscriptions(now),
      timers: {
        'lecture/end': async (id) => void (await endOnTime(ports, id)),
        'lecture/buyer-silence': async (id, at) => void (await peerFellSilent(ports, id, 'buyer', at)),
        'lecture/seller-silence': async (id, at) => void (await peerFellSilent(ports, id, 'seller', at)),
        'mailbox/forget': async (id) => void (await forgetSignals(ports, id)),
      },
    };
  },
});
