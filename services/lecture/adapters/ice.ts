import { createHmac } from 'node:crypto';
import type { Instant } from '#kernel/time.ts';
import type { IceServer } from '#proto/jari/lecture/v1/lecture.ts';

/** Servers that help two browsers to find a way to each other; none are needed within one network. */
export interface IceSettings {
  /** `stun:stun.example.org` */
  stunUrls: readonly string[];
  /** `turn:turn.example.org?transport=udp` */
  turnUrls: readonly string[];
  /** Shared with the TURN servers. */
  turnSecret: string;
}

export function iceSettings(settings: Readonly<Record<string, unknown>>): IceSettings {
  const urls = (name: string): string[] =>
    String(settings[name])
      .split(/[\s,]+/)
      .filter(Boolean);
  const found = {
    stunUrls: urls('STUN_URLS'),
    turnUrls: urls('TURN_URLS'),
    turnSecret: String(settings['TURN_SECRET']),
  };
  if (found.turnUrls.length && !found.turnSecret) throw new Error('TURN_SECRET is needed with TURN_URLS');
  return found;
}

/** For one peer, good until the given time: the TURN servers know from the name alone when to refuse it (TURN REST API, coturn's use-auth-secret). */
export function iceServers(
  { stunUrls, turnUrls, turnSecret }: IceSettings,
  peerId: string,
  until: Instant,
): IceServer[] {
  const username = `${Math.ceil(until / 1_000)}:${peerId}`;
  const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
  return [
    ...(stunUrls.length ? [{ urls: [...stunUrls], username: '', credential: '' }] : []),
    ...(turnUrls.length ? [{ urls: [...turnUrls], username, credential }] : []),
  ];
}
