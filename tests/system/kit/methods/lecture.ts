import { signedIn, id, page, paged, type Methods } from './method.ts';

export const methods: Methods = {
  'LectureService.ListLectures': {
    may: signedIn,
    by: 'buyer',
    request: { status: 'SCHEDULED', ...paged },
    optional: ['status', ...page],
  },
  'LectureService.GetLecture': { may: signedIn, by: 'buyer', request: { lecture_id: id() } },
  'LectureService.JoinLecture': { may: signedIn, by: 'buyer', request: { lecture_id: id() } },
  'LectureService.SendSignal': {
    may: signedIn,
    by: 'buyer',
    request: { lecture_id: id(), session_id: id(), payload: 'offer', to_peer_id: id() },
    optional: ['payload', 'to_peer_id'],
  },
  'LectureService.WatchLecture': { may: signedIn, by: 'buyer', request: { lecture_id: id(), session_id: id() } },
  'LectureService.EndLecture': { may: signedIn, by: 'seller', request: { lecture_id: id() } },
};
