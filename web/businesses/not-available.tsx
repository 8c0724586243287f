import type { ReactNode } from 'react';
import { Notice } from '../kit/notice.tsx';
import { errorTexts } from '../text/errors.ts';
import { useLanguage, useTexts } from '../text/language.ts';
import { text } from './order-text.ts';

/** Why a quote says that it cannot be ordered now, in words; `instead`: buttons to what can be had. */
export function NotAvailable({
  reason,
  reasons,
  instead = [],
}: {
  reason: string;
  /** Words of the business for the reasons that it knows better. */
  reasons: Readonly<Record<string, string>>;
  instead?: readonly ReactNode[];
}) {
  const words = useTexts(text);
  const { language } = useLanguage();
  return (
    <Notice live tone="wait" icon="ban" title={words.notAvailable} action={instead.length > 0 && instead}>
      {reasons[reason] ?? errorTexts[reason]?.[language]} {instead.length > 0 && words.instead}
    </Notice>
  );
}
