import { buttonClass } from '../kit/button-class.ts';
import { Page } from '../kit/page.tsx';
import { useWords } from '../text/language.ts';
import css from './crashed.module.css';

/** A page that could not be drawn or loaded; the shell stays. */
export function Crashed() {
  const { page } = useWords();
  return (
    <Page title={page.crashed} hidden>
      <div role="alert" className={css.crashed}>
        <h1 tabIndex={-1}>{page.crashed}</h1>
        <p className="muted">{page.crashedText}</p>
        <button type="button" className={buttonClass({ look: 'primary' })} onClick={() => location.reload()}>
          {page.reload}
        </button>
      </div>
    </Page>
  );
}
