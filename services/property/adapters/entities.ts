import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, index, newestFirst, searchColumns } from '#adapters/mikro-orm/columns.ts';
import type { Property } from '../property.ts';
import type { Room } from '../room.ts';
import type { StayRequest } from '../stay.ts';

export const PropertyEntity = defineEntity({
  name: 'Property',
  tableName: 'property',
  properties: aggregateColumns<Property>(),
});

export const RoomEntity = defineEntity({
  name: 'Room',
  tableName: 'room',
  properties: {
    ...aggregateColumns<Room>(),
    propertyId: generated.text(`state #>> '{place,propertyId}'`),
    ...searchColumns(`(state #>> '{terms,name}') || ' ' || coalesce(state #>> '{terms,description}', '') || ' ' || (state #>> '{place,propertyName}') || ' ' ||
      (state #>> '{place,address}') || ' ' || coalesce(state #>> '{place,area}', '')`),
    areas: generated.texts(`string_to_array(folded(coalesce(state #>> '{place,area}', '')), ' ')`),
    amenities: generated.texts(
      `texts(coalesce(state #> '{terms,amenities}', '[]')) || texts(coalesce(state #> '{place,amenities}', '[]'))`,
    ),
    ownerId: generated.text(`state #>> '{place,ownerId}'`),
    price: generated.bigint(`(state #>> '{terms,pricePerNight,amount}')::bigint`),
    capacity: generated.integer(`(state #>> '{terms,capacity}')::integer`),
    closed: generated.boolean(
      `coalesce((state -> 'isClosed')::boolean, false) or coalesce((state #> '{place,isClosed}')::boolean, false)`,
    ),
  },
  indexes: [
    newestFirst('room_of_property', 'property_id'),
    index('room_search', 'using gin (grams, areas, amenities)'),
    index('room_by_price', '(price, id desc)'),
  ],
});

export const StayRequestEntity = defineEntity({
  name: 'StayRequest',
  tableName: 'stay_request',
  properties: {
    ...aggregateColumns<StayRequest>(),
    status: generated.text(`state ->> 'status'`),
    asked: generated.boolean(`(state -> 'stay') is not null`),
    ownerId: generated.text(`state #>> '{stay,ownerId}'`),
    roomId: generated.text(`state #>> '{stay,roomId}'`),
    checkIn: generated.text(`state #>> '{stay,checkIn}'`),
    checkOut: generated.text(`state #>> '{stay,checkOut}'`),
  },
  indexes: [
    newestFirst('stay_request_of_owner', 'owner_id'),
    newestFirst('stay_request_by_status', 'status'),
    { name: 'stay_request_waiting', properties: ['roomId', 'checkIn'], where: `status = 'pending'` },
  ],
});

export const entities = [PropertyEntity, RoomEntity, StayRequestEntity];
