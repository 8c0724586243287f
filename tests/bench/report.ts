import { cpus, totalmem } from 'node:os';
import { isMet, ratioOf, type Goal, type Row } from './figure.ts';

/** Where it was measured: figures of two machines do not compare. */
export const machine = (): { processors: number; model: string; memoryGb: number; node: string } => ({
  processors: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
});

export const columns = ['figure', 'on', 'measured', 'ceiling', 'ratio', 'goal', 'met', 'rounds'] as const;

/** The table in Markdown, and below it what each figure means. */
export function markdown(rows: readonly Row[], lacking: readonly string[]): string {
  const { processors, model, memoryGb, node } = machine();
  const others = Math.max(0, ...rows.map((row) => row.others));
  return [
    `# Figures`,
    '',
    `${processors} × ${model}, ${memoryGb} GB, Node ${node}; loopback, the load comes from the same machine. Medians of the rounds; a figure and its ceiling are measured within one round, and rounds with more than 5 % of the processors' time stolen are thrown away (–n).`,
    ...(others > 0.1
      ? [
          `Other programs took up to ${Math.round(others * 100)} % of the processors' work meanwhile: alone, the rates would be higher. Ratios suffer less.`,
        ]
      : []),
    ...lacking,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${cells(row).join(' | ')} |`),
    '',
    ...rows.map(
      (row) =>
        `- **${row.what}** (${row.on})${row.detail ? `: ${row.detail}` : ''}. ${sentence(row.meaning)}${row.ceiling ? ` Ceiling: ${row.ceiling.what}.` : ''}`,
    ),
    '',
  ].join('\n');
}

function cells(row: Row): string[] {
  const met = isMet(row);
  return [
    row.what,
    row.on,
    row.value === undefined ? 'nothing kept' : `${number(row.value)} ${row.unit}`,
    row.ceiling?.value === undefined ? '' : number(row.ceiling.value),
    ratioOf(row)?.toFixed(2) ?? '',
    row.goal ? goalText(row.goal, row.unit) : '',
    met === undefined ? '' : met ? 'yes' : '**no**',
    `${row.rounds}${row.thrown ? ` (–${row.thrown})` : ''}`,
  ];
}

export const goalText = (goal: Goal, unit: string): string =>
  'most' in goal
    ? `≤ ${number(goal.most)} ${unit}`
    : goal.of === 'ratio'
      ? `ratio ≥ ${goal.least.toFixed(2)}`
      : `≥ ${number(goal.least)} ${unit}`;

export const number = (value: number): string =>
  value.toLocaleString('en', value < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 });

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
