import { describe, expect, test } from '@jest/globals';
import { findPhoneNumbersInText } from 'libphonenumber-js/max';
import { plainText } from './plain-text.ts';

/** What a telephone makes a link of: a scheme, a host name, an address with @. */
const link = /:\/\/|\bwww\.|[\p{L}\p{N}-][.\u2024\u3002\uFF0E\uFF61][\p{L}]{2,}|\S@\S/u;

describe('a title in a message cannot be a link', () => {
  test.each([
    ['http://bank.example/login', 'bank·example/login'],
    ['Log in: https://bank.example', 'Log in: bank·example'],
    ['HTTPS：／／bank．example', 'bank·example'],
    ['www.bank.example', 'www·bank·example'],
    ['bank。example', 'bank·example'],
    ['bank｡example', 'bank·example'],
    ['bank․example', 'bank·example'],
    ['bank\u200b.\u200bexample', 'bank·example'],
    ['ba\u00adnk.exa\u2060mple', 'bank·example'],
    ['bank.\u202eelpmaxe', 'bank·elpmaxe'],
    ['은행.한국 에서', '은행·한국 에서'],
    ['bank .example', 'bank·example'],
    ['pay@bank.example', 'pay at bank·example'],
    ['pay＠bank.example', 'pay at bank·example'],
    ['192.168.0.1/x', '192·168·0·1/x'],
    ['tel:0601234567', 'tel: 0601·2345·67'],
    ['bank.example.', 'bank·example.'],
    ['http://http://bank.example', 'bank·example'],
    ['xn--fsq.com', 'xn--fsq·com'],
    ['ⓔⓥⓘⓛ.ⓒⓞⓜ', 'ⓔⓥⓘⓛ·ⓒⓞⓜ'],
    ['ⓗⓣⓣⓟ://evil.com', 'evil·com'],
    ['evil™.com', 'evil™·com'],
    ['evil⒈com', 'evil1·com'],
    ['evil‧com', 'evil·com'],
    ['evil᎐com', 'evil·com'],
    ['evil(dot)com', 'evil·com'],
    ['evil [DOT] com', 'evil·com'],
    ['evil[.]com', 'evil·com'],
    ['evil(。)com', 'evil·com'],
  ])('%j becomes %j', (title, shown) => {
    expect(plainText(title)).toBe(shown);
    expect(plainText(title)).not.toMatch(link);
  });

  test.each([
    ['060-123-4567', '060·123·4567'],
    ['060 1234 5678 전화', '060·1234·5678 전화'],
    ['전화 0601234567', '전화 0601·2345·67'],
    ['(060) 123-4567', '060·123·4567'],
    ['+82 60-123-4567', '82·60·123·4567'],
    ['060.1234567', '060·1234·567'],
    ['０６０－１２３－４５６７', '０６０·１２３·４５６７'],
    ['1588-1234', '1588·1234'],
    ['2026-12-24-060-123-4567', '2026·12·24·060·123·4567'],
  ])('a telephone dials no part of %j: %j', (title, shown) => {
    expect(plainText(title)).toBe(shown);
    expect(findPhoneNumbersInText(plainText(title), 'KR')).toEqual([]);
  });

  test.each([
    ['2026-12-24–2026-12-26', '2026-12-24–2026-12-26'],
    ['Room 101 2026-12-24 14:00', 'Room 101 2026-12-24 14:00'],
    ['50,000,000원 · 1,250,000원', '50,000,000원 · 1,250,000원'],
    ['① 84㎡ 2.5', '① 84㎡ 2.5'],
    ['Guitar (dotted notes) 1234567', 'Guitar (dotted notes) 1234567'],
    ['Guitar, first steps.', 'Guitar, first steps.'],
    ['Pine Forest · Pine 2 · 2026-12-24 – 2026-12-26', 'Pine Forest · Pine 2 · 2026-12-24 – 2026-12-26'],
    ['2.5시간 수업', '2.5시간 수업'],
    ['v1.5 and 3.14', 'v1.5 and 3.14'],
    ['Books · 14 · 12:00 – 14:00', 'Books · 14 · 12:00 – 14:00'],
    ['기타 첫걸음 👩‍🎤🎸', '기타 첫걸음 👩‍🎤🎸'],
    ['  two\n lines\u2028 here ', 'two lines here'],
    ['은하 폴드', '은하 폴드'],
  ])('%j stays readable: %j', (title, shown) => expect(plainText(title)).toBe(shown));

  test('is cut between characters as people count them, never within one', () => {
    expect(plainText('가'.repeat(100))).toBe(`${'가'.repeat(79)}…`);
    expect(plainText('👩‍🎤'.repeat(5), 3)).toBe('👩‍🎤👩‍🎤…');
    expect(plainText(`a${'\u0301'.repeat(1_000)}`).length).toBeLessThan(6);
  });

  test('is empty when nothing of it can be seen', () => {
    for (const blank of ['', ' ', '\u200b', '\u3164', '\u2800\u00ad', '\u0301', '\u200d'])
      expect(plainText(blank)).toBe('');
  });

  test('takes no longer for a long hostile text', () => {
    for (const piece of [
      'a.',
      ' .',
      'a:',
      'http:',
      '1.',
      '@ ',
      '\u200d',
      'a\u0301',
      '1 ',
      '1-',
      '2026-12-2',
      '(',
      'a(',
      '᎐',
      '⒈',
    ]) {
      const began = performance.now();
      plainText(piece.repeat(32_768));
      expect(performance.now() - began).toBeLessThan(2_000);
    }
  });
});
