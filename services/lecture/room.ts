import type { Instant } from '#kernel/time.ts';

export type Role = 'buyer' | 'seller';

/** Who meets whom, when, for how long; fixed when the lecture is scheduled. */
export interface Terms {
  lessonId: string;
  title: string;
  /** User ids. */
  buyerId: string;
  sellerId: string;
  startTime: Instant;
  minutes: number;
}

/** A participant in the room, through one page of one browser. */
export interface Peer {
  role: Role;
  /** By which we know who it is; a secret between us and the page. */
  sessionId: string;
  /** By which the other one knows it. */
  peerId: string;
  joinedAt: Instant;
  /** How many streams this session ever watched the room by; the last one counts. */
  watches: number;
}

/** Somebody was in the room from one time to another, or is there still. */
export interface Presence {
  userId: string;
  joinedAt: Instant;
  leftAt: Instant | null;
}

/** The participants in the room, in the order of joining, and all earlier periods. */
export interface Room {
  peers: readonly Peer[];
  attendance: readonly Presence[];
}

export const emptyRoom: Room = { peers: [], attendance: [] };

const minute = 60_000;

export const opensAt = ({ startTime }: Terms): Instant => startTime - 10 * minute;

export const endsAt = ({ startTime, minutes }: Terms): Instant => startTime + minutes * minute;

/** As what somebody is here; most people are nothing here. */
export function roleOf({ buyerId, sellerId }: Terms, userId: string): Role | undefined {
  if (userId === sellerId) return 'seller';
  return userId === buyerId ? 'buyer' : undefined;
}

export const userOf = ({ buyerId, sellerId }: Terms, role: Role): string => (role === 'buyer' ? buyerId : sellerId);

export const peerOf = ({ peers }: Room, role: Role): Peer | undefined => peers.find((peer) => peer.role === role);

export const otherOf = ({ peers }: Room, role: Role): Peer | undefined => peers.find((peer) => peer.role !== role);

/** Most periods that are recorded for a person. With more, the last one continues. */
const mostPresences = 100;

/** Whoever enters again takes the place of the own earlier session, and was there all the time. */
export function enter(room: Room, terms: Terms, peer: Peer): Room {
  const { peers, attendance } = leave(room, terms, peer.role, peer.joinedAt);
  const userId = userOf(terms, peer.role);
  const own = attendance.filter((presence) => presence.userId === userId);
  const last = own.at(-1);
  const goesOn = last !== undefined && (last.leftAt === peer.joinedAt || own.length >= mostPresences);
  return {
    peers: [...peers, peer],
    attendance: goesOn
      ? attendance.map((presence) => (presence === last ? { ...last, leftAt: null } : presence))
      : [...attendance, { userId, joinedAt: peer.joinedAt, leftAt: null }],
  };
}

export function leave({ peers, attendance }: Room, terms: Terms, role: Role, at: Instant): Room {
  const userId = userOf(terms, role);
  return {
    peers: peers.filter((peer) => peer.role !== role),
    attendance: attendance.map((presence) =>
      presence.userId === userId && presence.leftAt === null ? { ...presence, leftAt: at } : presence,
    ),
  };
}

export const watched = ({ peers, attendance }: Room, role: Role): Room => ({
  peers: peers.map((peer) => (peer.role === role ? { ...peer, watches: peer.watches + 1 } : peer)),
  attendance,
});

/** Everybody goes. */
export const empty = (room: Room, terms: Terms, at: Instant): Room =>
  leave(leave(room, terms, 'buyer', at), terms, 'seller', at);
