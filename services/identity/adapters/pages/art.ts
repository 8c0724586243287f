import { Html, html } from './html.ts';

/** The mark of the product: a calendar leaf with a tick. */
export const mark = html`<svg class="mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
  <rect class="leaf" x="2" y="4" width="20" height="17" rx="5" />
  <path class="tick" d="M7.5 13l3.2 3.2L17 9.8" />
  <path class="rings" d="M8 2v4M16 2v4" />
</svg>`;

/** Seats of which one is yours. */
export const art = drawn();

function drawn(): Html {
  const rings = [110, 180, 250, 320].map((r) => html`<circle cx="260" cy="330" r="${r}" />`);
  const seats = [0, 1, 2, 3, 4].flatMap((row) =>
    [0, 1, 2, 3, 4]
      .filter((column) => row !== 2 || column !== 2)
      .map(
        (column) =>
          html`<rect
            class="${isTaken(row, column) ? 'seat on' : 'seat'}"
            x="${102 + 66 * column}"
            y="${172 + 66 * row}"
            width="52"
            height="52"
            rx="13"
          />`,
      ),
  );
  return html`<svg class="art" viewBox="0 0 520 560" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
    <g class="rings">${rings}</g>
    ${seats}
    <rect class="yours" x="227" y="297" width="66" height="66" rx="18" />
    <path class="yours-tick" d="M246 331l10 10 20-22" />
  </svg>`;
}

function isTaken(row: number, column: number): boolean {
  return (row + 2 * column) % 5 !== 1 && (row + column) % 3 !== 1;
}
