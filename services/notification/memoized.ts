/** The same function, which makes each thing once. Formatters are slow to make, and there are few. */
export function memoized<Of extends readonly string[], Made>(make: (...of: Of) => Made): (...of: Of) => Made {
  const made = new Map<string, Made>();
  return (...of) => {
    const key = of.join(' ');
    const known = made.get(key) ?? make(...of);
    made.set(key, known);
    return known;
  };
}
