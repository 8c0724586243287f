/** First of all in a compose project: makes the passwords, once, and gives each container its own. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { brokerPasswords, configuration, definitions } from '../rabbitmq/definitions.ts';
import { give, kept } from './folders.ts';

mkdirSync(kept(''), { recursive: true, mode: 0o700 });
const file = kept('postgres-password');
if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
give('postgres', 'password', readFileSync(file), 'postgres');
give('rabbitmq', 'rabbitmq.conf', configuration('/etc/jari/definitions.json'), 'rabbitmq');
give(
  'rabbitmq',
  'definitions.json',
  JSON.stringify(definitions(brokerPasswords(kept('broker-passwords.json')))),
  'rabbitmq',
);
console.log('made what postgres and rabbitmq start with');
