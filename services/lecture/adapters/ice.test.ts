import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { iceServers, iceSettings } from './ice.ts';

const settings = {
  STUN_URLS: 'stun:stun.example.org',
  TURN_URLS: 'turn:a.example.org, turns:b.example.org',
  TURN_SECRET: 'whisper',
};

test('a peer gets the servers that the settings name, with a credential that a TURN server can check by the shared secret alone', () => {
  const username = '1798106400:mina-1';
  const credential = createHmac('sha1', 'whisper').update(username).digest('base64');
  expect(iceServers(iceSettings(settings), 'mina-1', Date.parse('2026-12-24T10:00:00Z'))).toEqual([
    { urls: ['stun:stun.example.org'], username: '', credential: '' },
    { urls: ['turn:a.example.org', 'turns:b.example.org'], username, credential },
  ]);
});

test('without servers there are none, and no credential is made', () => {
  expect(iceServers(iceSettings({ STUN_URLS: '', TURN_URLS: '', TURN_SECRET: '' }), 'mina-1', 0)).toEqual([]);
});

test('TURN servers without their secret are reported at the start', () => {
  expect(() => iceSettings({ ...settings, TURN_SECRET: '' })).toThrow('TURN_SECRET');
});
