import { isMet, isRate, ratioOf, type Row } from './figure.ts';
import { goalText, number } from './report.ts';

const width = 980;
const line = 30;
const left = 330;
const most = 400;
/** What a bar may be of what it is compared with; what is longer is cut, and its number says how long it is. */
const longest = 1.25;

/**
 * A bar for each figure. Rates are drawn against their ceiling, or their goal where they have none; times, memory and cost against the
 * goal, which they should stay below. The mark is the goal.
 */
export function plot(rows: readonly Row[]): string {
  const drawn = rows.filter((row) => row.value !== undefined);
  const height = 60 + drawn.length * line;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="16" y="28" font-size="17" font-weight="600" fill="#1c2b36">Jari: figures against ceiling and goal</text>
${drawn.map((row, nth) => bar(row, 50 + nth * line)).join('\n')}
</svg>
`;
}

function bar(row: Row, y: number): string {
  const { share, goal } = scaled(row);
  const met = isMet(row);
  const x = (value: number): number => left + (Math.min(value, longest) / longest) * most;
  const colour = met === undefined ? '#7d93a3' : met ? '#2e8b6f' : '#c8553d';
  const value = `${number(row.value ?? 0)} ${row.unit}${row.goal ? `  (${goalText(row.goal, row.unit)})` : ''}`;
  return `<g><text x="${left - 10}" y="${y + 15}" text-anchor="end" fill="#1c2b36">${escaped(`${row.what} · ${row.on}`)}</text>
<rect x="${left}" y="${y + 3}" width="${most / longest}" height="16" fill="#e8edf0"/>
<rect x="${left}" y="${y + 3}" width="${Math.max(1, x(share) - left).toFixed(1)}" height="16" fill="${colour}"/>
${goal === undefined ? '' : `<path d="M${x(goal).toFixed(1)} ${y}v22" stroke="#1c2b36" stroke-width="2"/>`}
<text x="${left + most + 12}" y="${y + 15}" fill="#1c2b36">${escaped(value)}</text></g>`;
}

/** How long the bar is, and where its goal stands, in parts of what it is compared with. */
function scaled(row: Row): { share: number; goal?: number } {
  const { value = 0, goal, unit } = row;
  const ratio = ratioOf(row);
  if (isRate(unit) && ratio !== undefined) {
    const wanted =
      goal && 'least' in goal ? (goal.of === 'ratio' ? goal.least : goal.least / (value / ratio)) : undefined;
    return wanted === undefined ? { share: ratio } : { share: ratio, goal: wanted };
  }
  if (!goal) return { share: ratio ?? 0 };
  return { share: value / ('most' in goal ? goal.most : goal.least), goal: 1 };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
