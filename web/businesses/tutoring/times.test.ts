import { expect, test } from '@jest/globals';
import { byDay, nearestTo } from './times.ts';
import { lessonSearch } from './wish.ts';

const [morning, evening, next] = ['2026-12-18T01:00:00Z', '2026-12-18T10:00:00Z', '2026-12-18T23:30:00Z'] as const;

test('start times stand under the day that it is for the reader, earliest first', () => {
  expect(byDay([next, evening, morning], 'Asia/Seoul')).toEqual([
    { date: '2026-12-18', times: [morning, evening] },
    { date: '2026-12-19', times: [next] },
  ]);
  expect(byDay([morning, next], 'America/Los_Angeles').map(({ date }) => date)).toEqual(['2026-12-17', '2026-12-18']);
  expect(byDay([], 'Asia/Seoul')).toEqual([]);
});

test('in the place of a time that is gone, the nearest free ones are offered', () => {
  const free = [morning, next, '2026-12-25T10:00:00Z', '2026-12-18T11:00:00Z'];
  expect(nearestTo(evening, free)).toEqual([morning, '2026-12-18T11:00:00Z', next]);
  expect(nearestTo(morning, [morning])).toEqual([]);
});

test('of an address, only what makes sense is looked for', () => {
  expect(lessonSearch({ q: '수학', subject: '음악', at: evening, other: 1 })).toEqual({
    q: '수학',
    subject: '음악',
    at: evening,
  });
  expect(lessonSearch({ q: ' ', subject: 3, at: 'tomorrow' })).toEqual({});
  expect(lessonSearch({ q: 'x'.repeat(300) }).q).toHaveLength(100);
});
