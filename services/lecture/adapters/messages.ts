import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { type Addressed, inputFor, onCommand, type Subscriptions, subscriptionsOf } from '#adapters/service/service.ts';
import type { Stored } from '#adapters/mikro-orm/store.ts';
import * as proto from '#proto/jari/lecture/v1/messages.ts';
import type { Lecture, LectureEvent, LectureInput, LectureRefusal } from '../lecture.ts';
import type { Lesson, LessonEvent, LessonInput } from '../lesson.ts';
import type { Mailbox, MailboxEvent, MailboxInput } from '../mailbox.ts';
import { lectures, lessons, mailboxes, type LectureMessage, type LessonMessage } from '../process.ts';
import type { Presence } from '../room.ts';

export const storedLessons: Stored<Lesson, LessonInput, LessonEvent, never, LessonMessage> = {
  ...lessons,
  encode: ({ type, order, revision, again, ...message }) =>
    event(`jari.lecture.v1.${type}`, proto[type], order.id, {
      order,
      version: BigInt(message.version),
      revision,
      ...(again && { again }),
    }),
};

export const storedLectures: Stored<Lecture, LectureInput, LectureEvent, LectureRefusal, LectureMessage> = {
  ...lectures,
  encode,
};

export const storedMailboxes: Stored<Mailbox, MailboxInput, MailboxEvent, never, never> = {
  ...mailboxes,
  encode: (nothing) => nothing, // signals are sent by streams alone
};

function encode(message: LectureMessage): Outgoing {
  const { order } = message;
  const about = { order, version: BigInt(message.version), ...(message.again && { again: true }) };
  switch (message.type) {
    case 'LectureScheduled': {
      const { startTime, minutes } = message;
      return event('jari.lecture.v1.LectureScheduled', proto.LectureScheduled, order.id, {
        ...about,
        startTime: new Date(startTime),
        minutes,
      });
    }
    case 'LectureStarted':
      return event('jari.lecture.v1.LectureStarted', proto.LectureStarted, order.id, about);
    case 'LectureEnded':
      return event('jari.lecture.v1.LectureEnded', proto.LectureEnded, order.id, {
        ...about,
        attendance: message.attendance.map(presence),
      });
    case 'LectureCancelled':
      return event('jari.lecture.v1.LectureCancelled', proto.LectureCancelled, order.id, about);
    case 'LectureCancelRefused':
      return event('jari.lecture.v1.LectureCancelRefused', proto.LectureCancelRefused, order.id, {
        ...about,
        reason: message.reason,
      });
  }
}

export const presence = ({ userId, joinedAt, leftAt }: Presence): proto.Presence => ({
  userId,
  joinTime: new Date(joinedAt),
  leaveTime: leftAt === null ? undefined : new Date(leftAt),
});

/** Commands to lecture. */
export const subscriptions = (now: () => number): Subscriptions =>
  subscriptionsOf(
    onCommand('jari.lecture.v1.RegisterLesson', proto.RegisterLesson, ({ order, ...syllabus }): Addressed[] => {
      const { kind, id } = order;
      return [inputFor(storedLessons, id, { type: 'RegisterLesson', kind, syllabus })];
    }),
    onCommand('jari.lecture.v1.ScheduleLecture', proto.ScheduleLecture, ({ order, startTime, ...who }) => {
      if (!startTime) throw new TypeError('ScheduleLecture without start_time');
      const { kind, id } = order;
      return toLecture(id, { type: 'ScheduleLecture', kind, terms: { ...who, startTime: startTime.getTime() } });
    }),
    onCommand('jari.lecture.v1.CancelLecture', proto.CancelLecture, ({ order }) => {
      const { kind, id } = order;
      return toLecture(id, { type: 'CancelLecture', kind, at: now() });
    }),
  );

const toLecture = (id: string, input: LectureInput): Addressed[] => [inputFor(storedLectures, id, input)];
