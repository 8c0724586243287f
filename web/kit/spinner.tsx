import css from './spinner.module.css';

export const Spinner = ({ label }: { label?: string }) => (
  <span className={css.spinner} {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })} />
);
