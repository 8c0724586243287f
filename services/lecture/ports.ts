import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import type { Known, Lecture, LectureEvent, LectureRefusal } from './lecture.ts';
import type { Mailbox, MailboxEvent, Signal } from './mailbox.ts';
import type { Role } from './room.ts';

export interface Page {
  size: number;
  /** Only what comes after this id. */
  after?: string;
}

interface Repository<State, Event, Refusal extends string> {
  /** Decides on the stored state; saves the new state and what follows from it in one transaction. */
  update(id: string, decide: (state: State) => Decision<Event, Refusal>): Promise<Updated<State, Refusal>>;
}

export interface Lectures extends Repository<Lecture, LectureEvent, LectureRefusal> {
  get(id: string): Promise<StoredAggregate<Lecture> | undefined>;
  /** In which somebody has that role, newest first. */
  list(
    role: Role,
    userId: string,
    status: Known['status'] | undefined,
    page: Page,
  ): Promise<StoredAggregate<Lecture>[]>;
}

export type Mailboxes = Repository<Mailbox, MailboxEvent, never>;

/** A lecture and the signals for one of its sessions, as they were at one instant. */
export interface RoomSnapshot {
  lecture: StoredAggregate<Lecture>;
  signals: readonly Signal[];
}

/** Lets one look into a room for as long as one likes. */
export interface RoomFeed {
  /** As it is, then each time that either may have changed; `beat` at regular intervals. Throws when it cannot be seen any more. */
  of(lectureId: string, sessionId: string): AsyncIterable<RoomSnapshot | 'beat'>;
}

export interface Ports {
  lectures: Lectures;
  mailboxes: Mailboxes;
  now(): Instant;
  /** How often who watches is known to be alive, in milliseconds. */
  beat: number;
}
