import type { Business } from './registry.ts';
import css from './art.module.css';

/** A picture of a business, in its colour, for what has no photo. */
export const Art = ({ of }: { of: Business }) => (
  <svg
    viewBox="0 0 300 150"
    preserveAspectRatio="xMidYMid slice"
    aria-hidden="true"
    className={`${css.art} ${css[of]}`}
  >
    {drawings[of]}
  </svg>
);

const drawings = {
  tutoring: (
    <>
      <rect x="46" y="34" width="128" height="82" rx="8" fill="var(--surface)" stroke="var(--a)" strokeWidth="2" />
      <path
        d="M62 92c14-34 28-34 40 0 8 14 14 0 20-18 6-16 14-22 34-24"
        fill="none"
        stroke="var(--a)"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <circle cx="102" cy="92" r="5" fill="var(--a)" />
      <rect x="188" y="44" width="66" height="46" rx="8" fill="var(--a)" opacity=".16" />
      <circle cx="221" cy="61" r="8" fill="var(--a)" opacity=".8" />
      <path d="M205 84a16 12 0 0 1 32 0z" fill="var(--a)" opacity=".8" />
    </>
  ),
  lodging: (
    <>
      <path d="M50 116V70l44-32 44 32v46z" fill="var(--surface)" stroke="var(--a)" strokeWidth="2" />
      <rect x="84" y="82" width="22" height="34" rx="3" fill="var(--a)" opacity=".75" />
      <path d="M138 116V84l34-24 34 24v32z" fill="var(--a)" opacity=".16" />
      <rect x="160" y="90" width="24" height="14" rx="2" fill="var(--a)" opacity=".6" />
      <circle cx="236" cy="44" r="14" fill="var(--a)" opacity=".28" />
      <path d="M26 116h250" stroke="var(--a)" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  seating: (
    <>
      <rect x="54" y="32" width="26" height="22" rx="5" fill="var(--a)" opacity="0.14" />
      <rect x="90" y="32" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="126" y="32" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="162" y="32" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="198" y="32" width="26" height="22" rx="5" fill="var(--a)" opacity="0.14" />
      <rect x="234" y="32" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="54" y="66" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="90" y="66" width="26" height="22" rx="5" fill="var(--a)" opacity="0.14" />
      <rect x="126" y="66" width="26" height="22" rx="5" fill="var(--a)" opacity="0.85" />
      <rect x="162" y="66" width="26" height="22" rx="5" fill="var(--a)" opacity="0.85" />
      <rect x="198" y="66" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="234" y="66" width="26" height="22" rx="5" fill="var(--a)" opacity="0.14" />
      <rect x="54" y="108" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="90" y="108" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="126" y="108" width="26" height="22" rx="5" fill="var(--a)" opacity="0.14" />
      <rect x="162" y="108" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="198" y="108" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
      <rect x="234" y="108" width="26" height="22" rx="5" fill="var(--a)" opacity="0.34" />
    </>
  ),
  preorder: (
    <>
      <rect x="112" y="22" width="62" height="112" rx="13" fill="var(--surface)" stroke="var(--a)" strokeWidth="2" />
      <rect x="120" y="34" width="46" height="80" rx="6" fill="var(--a)" opacity=".16" />
      <circle cx="143" cy="124" r="3.4" fill="var(--a)" />
      <rect x="188" y="36" width="50" height="92" rx="11" fill="var(--a)" opacity=".2" />
      <circle cx="213" cy="58" r="9" fill="var(--surface)" stroke="var(--a)" strokeWidth="2" />
      <path d="M64 84h26M64 72h18M64 96h14" stroke="var(--a)" strokeWidth="3" strokeLinecap="round" opacity=".55" />
    </>
  ),
  rental: (
    <>
      <rect x="116" y="26" width="66" height="106" rx="10" fill="var(--surface)" stroke="var(--a)" strokeWidth="2" />
      <rect x="128" y="62" width="42" height="32" rx="5" fill="var(--a)" opacity=".16" />
      <path d="M149 68c7 9 9 12 9 16a9 9 0 0 1-18 0c0-4 2-7 9-16z" fill="var(--a)" />
      <circle cx="138" cy="44" r="4" fill="var(--a)" />
      <circle cx="160" cy="44" r="4" fill="var(--a)" opacity=".4" />
      <path
        d="M206 58l10 10 20-22"
        fill="none"
        stroke="var(--a)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M206 92h34M206 106h22" stroke="var(--a)" strokeWidth="3" strokeLinecap="round" opacity=".45" />
    </>
  ),
} as const;
