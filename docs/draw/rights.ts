import type { Model } from './model.ts';

/**
 * What each service may send and hears, for the broker's permissions and for whoever hears a message: `commands` are the full types of
 * the commands that it sends, `hears` the routing keys or patterns of the events that it listens to.
 */
export function rights({ services }: Model): string {
  const rows = services
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, sends, plugged }) => {
      const hears = [...new Set(plugged.subscriptions.events)].sort();
      return `  ${JSON.stringify(name)}: ${JSON.stringify({ commands: [...sends].sort(), hears, ...(plugged.projection && { rebuilds: true }) })}`;
    });
  return `{\n${rows.join(',\n')}\n}\n`;
}
