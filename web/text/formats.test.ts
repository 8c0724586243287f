import { describe, expect, test } from '@jest/globals';
import { formatsOf } from './formats.ts';

const now = (): number => Date.parse('2026-11-21T05:36:00Z'); // 14:36 in Seoul
const ko = formatsOf('ko', now);
const en = formatsOf('en', now);
const seoul = 'Asia/Seoul';

describe('Korean', () => {
  test('amounts are whole won with a thousands separator', () => {
    expect(ko.money({ currencyCode: 'KRW', units: '384000' })).toBe('384,000원');
    expect(ko.money({ currencyCode: 'KRW', units: '-1000' })).toBe('−1,000원');
  });

  test('a day has its weekday, and its year only where it could be mistaken for this one', () => {
    expect(ko.day('2026-12-18')).toBe('12월 18일 (금)');
    expect(ko.day('2027-01-09')).toBe('1월 9일 (토)');
    expect(ko.day('2027-11-22')).toBe('2027년 11월 22일 (월)');
    expect(ko.day('2025-12-24')).toBe('2025년 12월 24일 (수)');
    expect(ko.days('2026-12-18', '2026-12-21')).toBe('12월 18일 (금) – 21일 (월)');
  });

  test('times are those of the resource, on a clock of 24 hours', () => {
    expect(ko.time('2026-11-21T10:00:00Z', seoul)).toBe('19:00');
    expect(ko.time('2026-11-20T15:05:00Z', seoul)).toBe('00:05');
    expect(ko.time('2026-11-21T10:00:00Z', 'America/New_York')).toBe('05:00');
  });

  test('today and tomorrow are named so, by the calendar of the resource', () => {
    expect(ko.dateTime('2026-11-21T10:00:00Z', seoul)).toBe('오늘 19:00');
    expect(ko.dateTime('2026-11-21T15:30:00Z', seoul)).toBe('내일 00:30');
    expect(ko.span('2026-11-23T05:00:00Z', '2026-11-23T09:00:00Z', seoul)).toBe('11월 23일 (월) 14:00–18:00');
  });

  test('what ends at midnight ends with the day before', () => {
    expect(ko.lastDay('2026-12-08T15:00:00Z', seoul)).toBe('12월 8일 (화)');
    expect(ko.lastDay('2026-12-18T06:00:00Z', seoul)).toBe('12월 18일 (금) 15:00');
  });

  test('a duration shows its two largest units', () => {
    expect(ko.duration(4_320_000)).toBe('1시간 12분');
    expect(ko.duration(278_400)).toBe('4분 38초');
    expect(ko.duration(86_400_000)).toBe('1일');
    expect(ko.duration(-5)).toBe('0초');
  });
});

describe('English', () => {
  test('writes amounts, days and durations as its readers expect', () => {
    expect(en.money({ currencyCode: 'KRW', units: '384000' })).toBe('₩384,000');
    expect(en.money({ currencyCode: 'USD', units: '12', nanos: 500_000_000 })).toBe('$12.50');
    expect(en.day('2026-12-18')).toBe('Fri, Dec 18');
    expect(en.dateTime('2026-11-21T10:00:00Z', seoul)).toBe('Today 19:00');
    expect(en.duration(4_320_000)).toBe('1 h 12 min');
  });

  test('names the time zone', () => {
    expect(en.zone(seoul)).toBe('Korean Standard Time');
    expect(ko.zone(seoul)).toBe('한국 표준시');
  });
});
