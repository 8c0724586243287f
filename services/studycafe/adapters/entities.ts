import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated } from '#adapters/mikro-orm/columns.ts';
import type { Block } from '../block.ts';
import type { Cafe } from '../cafe.ts';
import type { Registration } from '../registration.ts';

export const CafeEntity = defineEntity({ name: 'Cafe', tableName: 'cafe', properties: aggregateColumns<Cafe>() });

export const SeatBlockEntity = defineEntity({
  name: 'SeatBlock',
  tableName: 'seat_block',
  properties: aggregateColumns<Block>(),
});

export const RegistrationEntity = defineEntity({
  name: 'Registration',
  tableName: 'registration',
  properties: {
    ...aggregateColumns<Registration>(),
    status: generated.text(`state ->> 'status'`),
  },
});

export const entities = [CafeEntity, SeatBlockEntity, RegistrationEntity];
