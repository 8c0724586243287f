import type { ReactNode } from 'react';
import type { Product } from './api.ts';
import { colourOf } from './colours.ts';
import css from './picture.module.css';

/** Drawn by us, in the colour of the variant. What it shows stands beside it in words. */
export const Picture = ({ product, large = false }: { product: Product; large?: boolean }) => {
  const { body, shade } = colourOf(product.options?.colour ?? '');
  return (
    <span className={large ? css.stage : css.small} style={{ '--p': body } as object}>
      <svg viewBox="0 0 420 330" aria-hidden="true">
        <ellipse cx="210" cy="306" rx="150" ry="9" fill="var(--ink)" opacity=".1" />
        {shapeOf(product)({ body, shade })}
      </svg>
    </span>
  );
};

type Shape = (colours: { body: string; shade: string }) => ReactNode;

function shapeOf({ kind, name }: Product): Shape {
  if (kind === 'PHONE') return /fold|폴드/i.test(name) ? fold : phone;
  if (/tower|스탠드/i.test(name)) return tower;
  if (/sink|싱크/i.test(name)) return underSink;
  return /ice|얼음/i.test(name) ? ice : counter;
}

const phone: Shape = ({ body, shade }) => (
  <>
    <rect x="222" y="34" width="132" height="262" rx="26" fill={body} stroke={shade} strokeWidth="3" />
    <rect x="236" y="48" width="62" height="88" rx="20" fill={shade} opacity=".45" />
    <g fill="#1b2127" stroke={shade} strokeWidth="3">
      <circle cx="256" cy="72" r="13" />
      <circle cx="256" cy="108" r="13" />
      <circle cx="282" cy="90" r="9" />
    </g>
    <g fill="#5d7487">
      <circle cx="256" cy="72" r="5" />
      <circle cx="256" cy="108" r="5" />
      <circle cx="282" cy="90" r="3.5" />
    </g>
    <path d="M272 206h32" stroke={shade} strokeWidth="4" strokeLinecap="round" />
    <rect x="84" y="20" width="140" height="278" rx="28" fill="#14191d" />
    <Screen x={91} y={27} width={126} height={264} body={body} shade={shade} />
    <rect x="136" y="36" width="36" height="9" rx="4.5" fill="#14191d" />
  </>
);

const fold: Shape = ({ body, shade }) => (
  <>
    <rect x="286" y="40" width="84" height="256" rx="18" fill={body} stroke={shade} strokeWidth="3" />
    <rect x="300" y="56" width="26" height="84" rx="13" fill={shade} />
    <g fill="#5d7487">
      <circle cx="313" cy="72" r="7" />
      <circle cx="313" cy="98" r="7" />
      <circle cx="313" cy="124" r="7" />
    </g>
    <rect x="48" y="28" width="248" height="270" rx="24" fill="#14191d" />
    <Screen x={55} y={35} width={234} height={256} body={body} shade={shade} />
    <path d="M172 35v256" stroke="#14191d" strokeWidth="2" opacity=".35" />
  </>
);

const Screen = ({
  x,
  y,
  width: w,
  height: h,
  body,
  shade,
}: Record<'x' | 'y' | 'width' | 'height', number> & { body: string; shade: string }) => (
  <>
    <rect {...{ x, y }} width={w} height={h} rx="20" fill="#e9f0f4" />
    <path
      d={`M${x} ${y + h * 0.62}q${w * 0.26}-${h * 0.16} ${w * 0.5}-${h * 0.02}t${w * 0.5}-${h * 0.01}v${h * 0.41 - 20}q0 20-20 20h-${w - 40}q-20 0-20-20z`}
      fill={body}
    />
    <path
      d={`M${x} ${y + h * 0.75}q${w * 0.28}-${h * 0.13} ${w * 0.55}-${h * 0.01}t${w * 0.45}-${h * 0.01}v${h * 0.27 - 20}q0 20-20 20h-${w - 40}q-20 0-20-20z`}
      fill={shade}
      opacity=".8"
    />
    <circle cx={x + w * 0.7} cy={y + h * 0.3} r="20" fill="#f1c08e" />
    <path
      d={`M${x + 20} ${y + h * 0.2}h46M${x + 20} ${y + h * 0.27}h28`}
      stroke="#22323d"
      strokeWidth="6"
      strokeLinecap="round"
      opacity=".55"
    />
    <rect x={x + w / 2 - 22} y={y + h - 12} width="44" height="4" rx="2" fill="#14191d" opacity=".6" />
  </>
);

const drop = 'c14 18 18 24 18 32a18 18 0 0 1-36 0c0-8 4-14 18-32z';
const Glass = ({ x, y }: { x: number; y: number }) => (
  <>
    <path d={`M${x} ${y}h36l-5 50h-26z`} fill="#fff" opacity=".75" stroke="#8fb4c8" strokeWidth="2.5" />
    <path d={`M${x + 2} ${y + 20}h32l-3 28h-26z`} fill="#9fd2ea" />
  </>
);

const counter: Shape = ({ body, shade }) => (
  <>
    <rect x="142" y="36" width="136" height="262" rx="24" fill={body} stroke={shade} strokeWidth="3" />
    <rect x="164" y="58" width="92" height="66" rx="16" fill="#1d2a33" />
    <path d={`M210 68${drop}`} fill="#7cc4ec" transform="translate(52 16) scale(.75)" />
    <rect x="160" y="148" width="100" height="132" rx="14" fill={shade} opacity=".55" />
    <rect x="196" y="142" width="28" height="24" rx="7" fill="#52606a" />
    <Glass x={192} y={218} />
    <rect x="160" y="270" width="100" height="10" rx="5" fill="#52606a" />
  </>
);

const ice: Shape = ({ body, shade }) => (
  <>
    <rect x="124" y="30" width="172" height="268" rx="26" fill={body} stroke={shade} strokeWidth="3" />
    <rect x="148" y="52" width="124" height="58" rx="16" fill="#1d2a33" />
    <g fill="#bfe6f6" stroke="#7cc4ec" strokeWidth="2.5">
      <rect x="170" y="68" width="26" height="26" rx="6" transform="rotate(-10 183 81)" />
      <rect x="224" y="68" width="26" height="26" rx="6" transform="rotate(12 237 81)" />
    </g>
    <rect x="146" y="134" width="128" height="146" rx="16" fill={shade} opacity=".55" />
    <rect x="168" y="128" width="30" height="22" rx="7" fill="#52606a" />
    <rect x="222" y="128" width="30" height="22" rx="7" fill="#52606a" />
    <Glass x={165} y={218} />
    <g fill="#e2f4fb" stroke="#7cc4ec" strokeWidth="2.5">
      <rect x="222" y="246" width="22" height="22" rx="5" transform="rotate(-8 233 257)" />
      <rect x="234" y="222" width="22" height="22" rx="5" transform="rotate(14 245 233)" />
    </g>
    <rect x="146" y="270" width="128" height="10" rx="5" fill="#52606a" />
  </>
);

const tower: Shape = ({ body, shade }) => (
  <>
    <rect x="150" y="14" width="120" height="288" rx="20" fill={body} stroke={shade} strokeWidth="3" />
    <rect x="168" y="32" width="84" height="34" rx="10" fill="#1d2a33" />
    <circle cx="188" cy="49" r="6" fill="#7cc4ec" />
    <circle cx="232" cy="49" r="6" fill="#f19489" />
    <rect x="168" y="82" width="84" height="88" rx="12" fill={shade} opacity=".6" />
    <rect x="198" y="78" width="24" height="18" rx="6" fill="#52606a" />
    <Glass x={192} y={114} />
    <path d="M174 198h72M174 286h72" stroke={shade} strokeWidth="3" strokeLinecap="round" />
    <path d={`M210 218${drop}`} fill={shade} opacity=".5" />
  </>
);

const underSink: Shape = ({ body, shade }) => (
  <>
    <rect x="54" y="150" width="312" height="14" rx="5" fill="#8a979e" />
    <rect x="72" y="164" width="276" height="138" rx="6" fill="none" stroke="#8a979e" strokeWidth="3" />
    <path d="M250 150V74a34 34 0 0 0-68 0v14" fill="none" stroke="#52606a" strokeWidth="13" strokeLinecap="round" />
    <path d={`M182 102${drop}`} fill="#7cc4ec" transform="translate(73 45) scale(.6)" />
    <rect x="206" y="182" width="88" height="112" rx="16" fill={body} stroke={shade} strokeWidth="3" />
    <rect x="226" y="200" width="48" height="30" rx="8" fill="#1d2a33" />
    <path d="M250 164v18" stroke="#52606a" strokeWidth="7" />
    <path d="M124 302v-92a14 14 0 0 1 28 0v92" fill={shade} opacity=".35" />
  </>
);
