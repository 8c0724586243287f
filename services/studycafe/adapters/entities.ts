import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, index, searchColumns } from '#adapters/mikro-orm/columns.ts';
import type { Block } from '../block.ts';
import type { Cafe } from '../cafe.ts';
import type { Registration } from '../registration.ts';

export const CafeEntity = defineEntity({
  name: 'Cafe',
  tableName: 'cafe',
  properties: {
    ...aggregateColumns<Cafe>(),
    ...searchColumns(`(state #>> '{terms,name}') || ' ' || (state #>> '{place,address}') || ' ' || coalesce(state #>> '{terms,area}', '') || ' ' ||
      coalesce(state #>> '{terms,description}', '')`),
    areas: generated.texts(`string_to_array(folded(coalesce(state #>> '{terms,area}', '')), ' ')`),
    closed: generated.boolean(`coalesce((state -> 'isClosed')::boolean, false)`),
  },
  indexes: [index('cafe_search', 'using gin (grams, areas)')],
});

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
