import { get, malformed, post } from '../rest-conformance.calls.ts';
import { times, words, type Contract } from './promised.ts';

const [start, joined, left] = ['2027-01-04T09:00:00Z', '2027-01-04T08:55:00Z', '2027-01-04T09:50:00.001Z'];
const scheduled = {
  ...{
    id: 'o1',
    status: 'SCHEDULED',
    lessonId: 'l1',
    title: '수학',
    buyerId: 'b1',
    sellerId: 's1',
    startTime: start,
    minutes: 50,
  },
  ...{ attendance: [], ...times },
};
const live = { ...scheduled, status: 'LIVE', attendance: [{ userId: 's1', joinTime: joined }] };
const room = { lecture: live, peers: [{ peerId: 'peer1', userId: 's1', joinTime: joined }] };
const signal = { number: '9007199254740993', fromPeerId: 'peer1', payload: '{"type":"offer"}' };

export const lectures: Contract = {
  service: 'jari.lecture.v1.LectureService',
  methods: {
    ListLectures: {
      answer: { lectures: [scheduled, live], nextPageToken: '' },
      calls: [
        get('all', '/v1/lectures', {}),
        get('a page', '/v1/lectures?status=SCHEDULED&page_size=2&page_token=t', {
          status: 'SCHEDULED',
          pageSize: 2,
          pageToken: 't',
        }),
        get('a status by its number', '/v1/lectures?status=2', { status: 'LIVE' }),
        ...words('/v1/lectures', 'status', ['SCHEDULED', 'LIVE', 'ENDED', 'CANCELLED']),
      ],
    },
    GetLecture: {
      answer: { ...live, status: 'ENDED', attendance: [{ userId: 's1', joinTime: joined, leaveTime: left }] },
      calls: [get('by the purchase', '/v1/lectures/o1', { lectureId: 'o1' })],
    },
    JoinLecture: {
      answer: {
        iceServers: [
          { urls: ['stun:127.0.0.1:3478'], username: '', credential: '' },
          { urls: ['turn:127.0.0.1:3478'], username: '1799053200:peer1', credential: 'c2VjcmV0' },
        ],
        ...{ peerId: 'peer1', sessionId: 'session1' },
      },
      calls: [post('by the purchase', '/v1/lectures/o1:join', {}, { lectureId: 'o1' })],
    },
    SendSignal: {
      answer: signal,
      calls: [
        post(
          'to whoever is there',
          '/v1/lectures/o1:signal',
          { session_id: 'session1', payload: '{"type":"offer"}' },
          {
            ...{ lectureId: 'o1', sessionId: 'session1', payload: '{"type":"offer"}' },
          },
        ),
        post(
          'to one',
          '/v1/lectures/o1:signal',
          { sessionId: 'session1', payload: 'v=0\r\n', toPeerId: 'peer2' },
          {
            ...{ lectureId: 'o1', sessionId: 'session1', payload: 'v=0\r\n', toPeerId: 'peer2' },
          },
        ),
      ],
    },
    WatchLecture: {
      events: [
        { snapshot: room },
        { change: { lecture: { ...live, status: 'ENDED' }, peers: [] } },
        { signal },
        { heartbeat: { at: start } },
        { error: { code: 14, message: 'over', details: [] } },
      ],
      calls: [
        get('with the session', '/v1/lectures/o1:watch?session_id=session1', {
          lectureId: 'o1',
          sessionId: 'session1',
        }),
      ],
    },
    EndLecture: {
      answer: { ...live, status: 'ENDED' },
      calls: [post('by the purchase', '/v1/lectures/o1:end', {}, { lectureId: 'o1' })],
    },
  },
  refused: [
    malformed('a status that is none', '/v1/lectures?status=OVER'),
    malformed('a description for a payload that is text', '/v1/lectures/o1:signal', '{"payload":{"type":"offer"}}'),
    malformed('a number for the session', '/v1/lectures/o1:signal', '{"session_id":1}'),
    malformed('a field of no watching', '/v1/lectures/o1:watch?session=session1'),
  ],
};
