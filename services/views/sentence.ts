/**
 * An event's name as a sentence, for businesses that nobody has written words for:
 * `jari.lodging.v1.ReservationRejected`, NIGHTS_TAKEN → `Reservation rejected: nights taken`.
 */
export function sentence(type: string, reason = '', reasonText = ''): string {
  const words = type.slice(type.lastIndexOf('.') + 1).replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ');
  const said = words.charAt(0) + words.slice(1).toLowerCase();
  return [said, reason.toLowerCase().replaceAll('_', ' '), reasonText].filter(Boolean).join(': ');
}
