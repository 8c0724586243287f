import type { ReactNode } from 'react';
import { useWords } from '../text/language.ts';
import { Button } from './button.tsx';
import css from './state.module.css';

const Calendar = () => (
  <svg viewBox="0 0 132 96" className={css.picture} aria-hidden="true">
    <rect x="26" y="20" width="80" height="66" rx="9" fill="var(--surface)" stroke="var(--line2)" strokeWidth="2" />
    <path d="M26 40h80M48 12v16M84 12v16" stroke="var(--line2)" strokeWidth="2" strokeLinecap="round" />
    <g fill="var(--still)">
      <rect x="38" y="48" width="13" height="10" rx="3" />
      <rect x="59" y="48" width="13" height="10" rx="3" />
      <rect x="80" y="48" width="13" height="10" rx="3" />
      <rect x="38" y="66" width="13" height="10" rx="3" />
    </g>
    <rect
      x="58"
      y="63"
      width="16"
      height="16"
      rx="5"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="2"
      strokeDasharray="3 3"
    />
  </svg>
);

const Broken = () => (
  <svg viewBox="0 0 132 96" className={css.picture} aria-hidden="true">
    <circle cx="66" cy="48" r="34" fill="var(--bad-t)" />
    <path
      d="M22 52h22l7-16 10 30 9-22 6 8h34"
      fill="none"
      stroke="var(--bad)"
      strokeWidth="3"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);

interface StateProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** The page's own title: nothing else is on it. */
  whole?: boolean;
}

const State = ({ picture, title, children, action, whole }: StateProps & { picture: ReactNode }) => {
  const Title = whole ? 'h1' : 'h2';
  return (
    <div className={css.state}>
      {picture}
      <Title>{title}</Title>
      {children && <p>{children}</p>}
      {action && <div className={css.actions}>{action}</div>}
    </div>
  );
};

/** Nothing is here yet, or nothing matches. */
export const EmptyState = (props: StateProps) => <State picture={<Calendar />} {...props} />;

/** It could not be loaded; what was done before is as it was. */
export function ErrorState({ title, children, onRetry, whole }: Partial<StateProps> & { onRetry?: () => void }) {
  const words = useWords();
  return (
    <div role="alert">
      <State
        picture={<Broken />}
        title={title ?? words.page.failed}
        {...(whole !== undefined && { whole })}
        action={
          onRetry && (
            <Button icon="refresh" onPress={onRetry}>
              {words.page.retry}
            </Button>
          )
        }
      >
        {children ?? words.page.failedText}
      </State>
    </div>
  );
}
