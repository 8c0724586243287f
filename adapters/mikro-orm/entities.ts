import { defineEntity, p } from '@mikro-orm/core';

/** The tables of `platform.ts` as its migrations have left them. `schema.test.ts` compares the two. */

const outboxColumns = () => ({
  id: p.uuid().primary(),
  kind: p.text(),
  type: p.text(),
  routingKey: p.text(),
  subject: p.text(),
  correlationId: p.text(),
  causationId: p.text(),
  traceparent: p.text().nullable(),
  createdAt: p.datetime(),
  payload: p.uint8array(),
  publishedAt: p.datetime().nullable(),
  notBefore: p.datetime().nullable(),
});

export const OutboxEntity = defineEntity({
  name: 'Outbox',
  tableName: 'outbox',
  properties: outboxColumns(),
  indexes: [{ name: 'outbox_waiting', properties: 'id', where: 'published_at is null' }],
});

/** Partitioned by days, each made as it is needed (archive.ts): MikroORM describes only partitions that are known beforehand. */
export const OutboxArchiveEntity = defineEntity({
  name: 'OutboxArchive',
  tableName: 'outbox_archive',
  properties: outboxColumns(),
});

const outboxFields = Object.keys(outboxColumns()).map((name) =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
);
const everyMessageOf = (table: string): string =>
  `select ${outboxFields.map((field) => `${table}.${field}`).join(', ')} from ${table}`;

export const ToldEntity = defineEntity({
  name: 'Told',
  tableName: 'told',
  view: true,
  expression: `${everyMessageOf('outbox_archive')} union all ${everyMessageOf('outbox')}`,
  properties: outboxColumns(),
});

export const InboxEntity = defineEntity({
  name: 'Inbox',
  tableName: 'inbox',
  properties: { consumer: p.text().primary(), messageId: p.text().primary() },
});

export const KeptAnswerEntity = defineEntity({
  name: 'KeptAnswer',
  tableName: 'kept_answer',
  properties: {
    caller: p.text().primary(),
    method: p.text().primary(),
    key: p.text().primary(),
    fingerprint: p.text(),
    response: p.uint8array().nullable(),
    refusal: p.json<unknown>().nullable(),
    createdAt: p.datetime(),
  },
  indexes: [{ name: 'kept_answer_age', properties: 'createdAt' }],
});

export const TimerEntity = defineEntity({
  name: 'Timer',
  tableName: 'timer',
  properties: {
    id: p.uuid().primary(),
    aggregate: p.text(),
    aggregateId: p.uuid(),
    name: p.text(),
    dueAt: p.datetime(),
    claimedUntil: p.datetime().nullable(),
    traceparent: p.text().nullable(),
    claimedBy: p.integer().nullable(),
  },
  indexes: [{ name: 'timer_due', properties: 'dueAt' }],
  uniques: [{ name: 'timer_aggregate_id_aggregate_name_key', properties: ['aggregateId', 'aggregate', 'name'] }],
});

/** Keys are compared by their bytes: a range of keys is everything under one prefix. */
export const ClaimEntity = defineEntity({
  name: 'Claim',
  tableName: 'claim',
  properties: { key: p.text().collation('C').primary(), holder: p.uuid() },
  indexes: [{ name: 'claim_holder', properties: 'holder' }],
});

export const RetryEntity = defineEntity({
  name: 'Retry',
  tableName: 'retry',
  properties: {
    messageId: p.text().primary(),
    envelope: p.json<Record<string, unknown>>(),
    attempts: p.integer(),
    dueAt: p.datetime(),
    lastError: p.text(),
  },
  indexes: [{ name: 'retry_due', properties: 'dueAt' }],
});

export const DeadLetterEntity = defineEntity({
  name: 'DeadLetter',
  tableName: 'dead_letter',
  properties: {
    messageId: p.text().primary(),
    envelope: p.json<Record<string, unknown>>(),
    error: p.text(),
    diedAt: p.datetime(),
    redrivenAt: p.datetime().nullable(),
    newer: p.boolean().default(false),
    unreadable: p.boolean().default(false),
    discardedAt: p.datetime().nullable(),
  },
  indexes: [
    { name: 'dead_letter_open', properties: 'messageId', where: 'redriven_at is null and discarded_at is null' },
  ],
});

export const RebuildEntity = defineEntity({
  name: 'Rebuild',
  tableName: 'rebuild',
  properties: { id: p.uuid().primary(), state: p.json<unknown>() },
});

export const RetellingEntity = defineEntity({
  name: 'Retelling',
  tableName: 'retelling',
  properties: {
    id: p.boolean().default(true).primary(),
    since: p.datetime().nullable(),
    requestedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    cursor: p.uuid().nullable(),
    sent: p.bigint().defaultRaw('0'),
    unheard: p.bigint().defaultRaw('0'),
  },
  checks: [{ name: 'retelling_id_check', expression: 'id' }],
});

export const StaffRolesEntity = defineEntity({
  name: 'StaffRoles',
  tableName: 'staff_roles',
  properties: {
    person: p.uuid().primary(),
    roles: p.json<readonly string[]>(),
    setAt: p.datetime(),
    suspended: p.boolean().default(false),
  },
  indexes: [{ name: 'staff_roles_suspended', properties: 'person', where: 'suspended' }],
});

export const QueueSeenEntity = defineEntity({
  name: 'QueueSeen',
  tableName: 'queue_seen',
  properties: { queue: p.text().primary() },
});

export const AuditEntity = defineEntity({
  name: 'Audit',
  tableName: 'audit',
  properties: {
    number: p.bigint('string').primary().autoincrement(false),
    act: p.uuid(),
    kind: p.text(),
    content: p.text(),
    hash: p.text(),
  },
  indexes: [
    { name: 'audit_act', properties: 'act' },
    { name: 'audit_begun', properties: 'number', where: `kind = 'begun'` },
  ],
  checks: [{ name: 'audit_kind_check', expression: `kind in ('begun', 'ended')` }],
  triggers: [
    {
      name: 'audit_stays',
      ...{ timing: 'before', events: ['update', 'delete', 'truncate'] },
      expression:
        'create trigger audit_stays before update or delete or truncate on audit for each statement execute function audit_stays()',
    },
  ],
});

export const platformEntities = [
  ...[OutboxEntity, OutboxArchiveEntity, ToldEntity, InboxEntity, KeptAnswerEntity, TimerEntity, ClaimEntity],
  ...[RetryEntity, DeadLetterEntity, RebuildEntity, RetellingEntity, QueueSeenEntity, AuditEntity, StaffRolesEntity],
];
