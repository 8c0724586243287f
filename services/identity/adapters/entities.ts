import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, index, searchColumns } from '#adapters/mikro-orm/columns.ts';
import type { AccountLink } from '../account-link.ts';
import type { Attempts } from '../attempts.ts';
import type { Invitation } from '../invitation.ts';
import type { KeyRing } from '../key-ring.ts';
import type { Person } from '../person.ts';
import type { Session } from '../session.ts';

export const PersonEntity = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: {
    ...aggregateColumns<Person>(),
    ...searchColumns(`state #>> '{account,name}'`),
    roles: generated.texts(`texts(state #> '{account,roles}')`),
  },
  indexes: [index('person_search', 'using gin (grams, roles)')],
});

export const InvitationEntity = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  properties: aggregateColumns<Invitation>(),
});

export const AccountLinkEntity = defineEntity({
  name: 'AccountLink',
  tableName: 'account_link',
  properties: aggregateColumns<AccountLink>(),
});

export const SessionEntity = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    ...aggregateColumns<Session>(),
    personId: generated.text(`state ->> 'personId'`),
    status: generated.text(`state ->> 'status'`),
  },
  indexes: [index('session_of_person', '(person_id, status, id desc)')],
});

export const KeyRingEntity = defineEntity({
  name: 'KeyRing',
  tableName: 'key_ring',
  properties: aggregateColumns<KeyRing>(),
});

export const AttemptsEntity = defineEntity({
  name: 'Attempts',
  tableName: 'attempts',
  properties: aggregateColumns<Attempts>(),
});

export const entities = [
  PersonEntity,
  InvitationEntity,
  AccountLinkEntity,
  SessionEntity,
  KeyRingEntity,
  AttemptsEntity,
];
