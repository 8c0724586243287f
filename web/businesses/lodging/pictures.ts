import bath from './art/bath.svg';
import bedroom from './art/bedroom.svg';
import hanok from './art/hanok.svg';
import night from './art/night.svg';
import pine from './art/pine.svg';
import sea from './art/sea.svg';
import tea from './art/tea.svg';
import tower from './art/tower.svg';
import type { Stay } from './api.ts';

const inside = [bedroom, tea, bath, night];

/** Drawn pictures for a stay without photos: the house by its name and place, then rooms in an order of its own. */
export function picturesOf({ room, property }: Stay): readonly string[] {
  const said = `${property.name} ${property.address}`;
  const outside = /한옥|hanok/i.test(said)
    ? hanok
    : /바다|해변|제주|sea/i.test(said)
      ? sea
      : /소나무|숲|pine|forest/i.test(said)
        ? pine
        : tower;
  const turn = [...room.id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % inside.length;
  return [outside, ...inside.slice(turn), ...inside.slice(0, turn)];
}

/** For a list: rooms of one house do not all look the same. */
export function coverOf(stay: Stay): string {
  const pictures = picturesOf(stay);
  return (Number.parseInt(stay.room.id.slice(-1), 16) % 3 === 1 ? pictures[0] : pictures[1]) ?? '';
}
