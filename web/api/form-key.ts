import { useState } from 'react';

/**
 * The Idempotency-Key of a form. It lives as long as the form: a double click, a reload or a second try after a lost answer makes one order.
 * `renew` after the order was made, or was refused so that another one is meant.
 */
export function useFormKey(form: string): { key: string; renew(): void } {
  const place = `key:${form}`;
  const [key, setKey] = useState(() => sessionStorage.getItem(place) ?? keep(place));
  return {
    key,
    renew: () => {
      sessionStorage.removeItem(place);
      setKey(keep(place));
    },
  };
}

function keep(place: string): string {
  // `randomUUID` exists only where the connection is secure.
  const key = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  sessionStorage.setItem(place, key);
  return key;
}

/** What is typed or ticked in a form outlives a reload and a sign-in. */
export function useKept<Value extends string | boolean | number>(
  name: string,
  first: Value,
): [Value, (value: Value) => void] {
  const place = `form:${name}`;
  const [value, setValue] = useState<Value>(() => {
    const kept = sessionStorage.getItem(place);
    return kept === null ? first : (JSON.parse(kept) as Value);
  });
  return [
    value,
    (next) => {
      sessionStorage.setItem(place, JSON.stringify(next));
      setValue(next);
    },
  ];
}
