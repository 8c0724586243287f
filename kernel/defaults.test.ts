import { describe, expect, test } from '@jest/globals';
import { complete, type Defaults } from './defaults.ts';

type Parcel =
  | { status: 'none' }
  | {
      status: 'sent';
      label: { to: string; from: string };
      items: readonly { name: string; weight: number }[];
      note: string | null;
    }
  | { status: 'lost'; label: { to: string; from: string }; reason: string };

const defaults: Defaults<Parcel> = {
  label: { from: ({ to }) => `not ${to}` },
  items: { weight: () => 1 },
  note: (parcel) => (parcel.status === 'sent' ? null : undefined),
};

describe('a state read from a row of an earlier version', () => {
  test('gets the fields that came later, at their place, with their defaults', () => {
    const row = { status: 'sent', label: { to: 'Busan' }, items: [{ name: 'cup' }, { name: 'pot', weight: 2 }] };
    expect(complete(row as Parcel, defaults)).toEqual({
      status: 'sent',
      label: { to: 'Busan', from: 'not Busan' },
      items: [
        { name: 'cup', weight: 1 },
        { name: 'pot', weight: 2 },
      ],
      note: null,
    });
  });
  test('keeps what the row says', () => {
    const row: Parcel = { status: 'sent', label: { to: 'Busan', from: 'Seoul' }, items: [], note: 'fragile' };
    expect(complete({ ...row }, defaults)).toEqual(row);
  });
  test('gets no field that its status does not have', () => {
    const row = { status: 'lost', label: { to: 'Busan' }, reason: 'fire' };
    expect(complete(row as Parcel, defaults)).toEqual({
      status: 'lost',
      label: { to: 'Busan', from: 'not Busan' },
      reason: 'fire',
    });
    expect(complete({ status: 'none' } as Parcel, defaults)).toEqual({ status: 'none' });
  });
  test('is as it is where nothing came later', () => {
    const row: Parcel = { status: 'none' };
    expect(complete(row, undefined)).toBe(row);
  });
});
