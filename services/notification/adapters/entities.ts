import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Allowance, CodeQuota, DayTotal, MailQuota } from '../limit.ts';
import type { Mail } from '../mail.ts';
import type { Message } from '../message.ts';
import type { KnownParties } from '../parties.ts';
import type { Profile } from '../profile.ts';

export const ProfileEntity = defineEntity({
  name: 'Profile',
  tableName: 'profile',
  properties: aggregateColumns<Profile>(),
});

export const PartiesEntity = defineEntity({
  name: 'Parties',
  tableName: 'parties',
  properties: aggregateColumns<KnownParties>(),
});

export const MessageEntity = defineEntity({
  name: 'Message',
  tableName: 'message',
  properties: {
    ...aggregateColumns<Message>(),
    recipientId: generated.text(`state #>> '{note,recipientId}'`),
  },
  indexes: [newestFirst('message_of_recipient', 'recipient_id')],
});

export const MailEntity = defineEntity({
  name: 'Mail',
  tableName: 'mail',
  properties: aggregateColumns<Mail>(),
});

export const AllowanceEntity = defineEntity({
  name: 'Allowance',
  tableName: 'allowance',
  properties: aggregateColumns<Allowance>(),
});

export const CodeQuotaEntity = defineEntity({
  name: 'CodeQuota',
  tableName: 'code_quota',
  properties: aggregateColumns<CodeQuota>(),
});

export const DayTotalEntity = defineEntity({
  name: 'DayTotal',
  tableName: 'day_total',
  properties: aggregateColumns<DayTotal>(),
});

export const MailQuotaEntity = defineEntity({
  name: 'MailQuota',
  tableName: 'mail_quota',
  properties: aggregateColumns<MailQuota>(),
});

export const entities = [
  ProfileEntity,
  PartiesEntity,
  MessageEntity,
  MailEntity,
  AllowanceEntity,
  CodeQuotaEntity,
  DayTotalEntity,
  MailQuotaEntity,
];
