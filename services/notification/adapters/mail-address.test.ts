import { expect, test } from '@jest/globals';
import { mailAddress, mailbox } from './mail-address.ts';

test.each([
  ['mina@jari.example', 'mina@jari.example'],
  [' mina@mail.jari.example ', 'mina@mail.jari.example'],
  ['mina@xn--bcher-kva.example', 'mina@xn--bcher-kva.example'],
])('%j is kept as %j', (text, address) => expect(mailAddress(text)).toBe(address));

test.each([
  ['the mail server itself', 'root@localhost'],
  ['a machine beside it', 'root@db'],
  ['the number of a machine', 'root@127.0.0.1'],
])('%s is refused', (_, text) => expect(mailAddress(text)).toBeUndefined());

test.each([
  ['Victim+1@Example.com', 'victim@example.com'],
  ['victim+a+b@example.com', 'victim@example.com'],
  ['victim@example.com', 'victim@example.com'],
  ['+1@example.com', '+1@example.com'],
  ['+821012345678', '+821012345678'],
])('codes for %j count for %j', (address, counted) => expect(mailbox(address)).toBe(counted));
