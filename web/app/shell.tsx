import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useConnection, connection } from '../api/connection.ts';
import { signInPath, useSession } from '../api/session.ts';
import { Icon, type IconName } from '../kit/icon.tsx';
import { Link, OuterLink } from '../kit/link.tsx';
import { Spinner } from '../kit/spinner.tsx';
import { Toasts } from '../kit/toast.tsx';
import { useFormats, useLanguage, useWords } from '../text/language.ts';
import { here } from '../text/zone.ts';
import { themes, useTheme, type Theme } from './preferences.tsx';
import css from './shell.module.css';

/** What stands around every page. */
export function Shell() {
  const words = useWords();
  useFocusOnNavigation();
  return (
    <>
      <a href="#main" className={css.skip}>
        {words.nav.skip}
      </a>
      <Header />
      <ConnectionBar />
      <main id="main" tabIndex={-1} className={css.main}>
        <Outlet />
      </main>
      <Footer />
      <TabBar />
      <Toasts />
    </>
  );
}

/** A screen reader hears the title of the page that one went to, and the next Tab goes on from there. */
function useFocusOnNavigation(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return;
        const main = document.getElementById('main');
        (main?.querySelector<HTMLElement>('h1[tabindex]') ?? main)?.focus({ preventScroll: true });
      }),
    [router],
  );
}

const Logo = () => (
  <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
    <rect x="2" y="4" width="20" height="17" rx="5" fill="var(--accent)" />
    <path
      d="M7.5 13l3.2 3.2L17 9.8"
      fill="none"
      stroke="var(--accent-ink)"
      strokeWidth="2.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
    <path d="M8 2v4M16 2v4" stroke="var(--accent)" strokeWidth="2.4" strokeLinecap="round" />
  </svg>
);

function Header() {
  const { nav, jari } = useWords();
  const { language, speak } = useLanguage();
  return (
    <header className={css.bar}>
      <div className={`wrap ${css.barInner}`}>
        <Link to="/" look="bare" className={css.logo} aria-label={nav.home}>
          <Logo />
          {jari}
        </Link>
        <nav aria-label={nav.main} className={css.nav}>
          <Link to="/" look="bare" activeOptions={{ exact: true }}>
            {nav.explore}
          </Link>
          <Link to="/orders" search={{}} look="bare">
            {nav.orders}
          </Link>
          <Link to="/help" look="bare">
            {nav.help}
          </Link>
        </nav>
        <span className="push" />
        <button
          type="button"
          className={css.language}
          lang={language === 'ko' ? 'en' : 'ko'}
          aria-label={nav.switchLanguage}
          onClick={() => void speak(language === 'ko' ? 'en' : 'ko')}
        >
          {nav.otherLanguage}
        </button>
        <Account />
      </div>
    </header>
  );
}

function Account() {
  const { nav } = useWords();
  const { person, isKnown } = useSession();
  if (!isKnown) return <span className={css.noAccount} />;
  return person ? (
    <Link to="/account" look="bare" className={css.person} aria-label={`${nav.account}: ${person.display_name}`}>
      {person.display_name}
    </Link>
  ) : (
    <OuterLink href={signInPath()} look="plain">
      {nav.signIn}
    </OuterLink>
  );
}

/** Below 0.3 s nothing is said; then what is so, and since when. */
function ConnectionBar() {
  const words = useWords().connection;
  const { time } = useFormats();
  const { state, since } = useConnection();
  return (
    <div role="status" className={css.connection}>
      {state !== 'ok' && (
        <div className={state === 'back' ? css.back : css.away}>
          <div className={`wrap ${css.connectionInner}`}>
            {state === 'unreachable' ? <Spinner /> : <Icon name={state === 'back' ? 'check' : 'wifi'} />}
            <span>
              <b>{state === 'back' ? words.back : state === 'offline' ? words.offline : words.unreachable}</b>{' '}
              {state !== 'back' && <span className="muted">{words.since(time(since, here()))}</span>}
            </span>
            {state === 'unreachable' && (
              <button type="button" onClick={connection.tryNow}>
                {words.now}
              </button>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function TabBar() {
  const { nav } = useWords();
  const tab = (name: IconName, text: string) => (
    <>
      <Icon name={name} />
      {text}
    </>
  );
  return (
    <nav aria-label={nav.main} className={css.tabs}>
      <Link to="/" look="bare" activeOptions={{ exact: true }}>
        {tab('search', nav.explore)}
      </Link>
      <Link to="/orders" search={{}} look="bare">
        {tab('calendar', nav.orders)}
      </Link>
      <Link to="/help" look="bare">
        {tab('info', nav.help)}
      </Link>
    </nav>
  );
}

function Footer() {
  const { nav } = useWords();
  const [theme, setTheme] = useTheme();
  const icons: Readonly<Record<Theme, IconName>> = { system: 'phone', light: 'sun', dark: 'moon' };
  return (
    <footer className={css.footer}>
      <div className={`wrap ${css.footerInner}`}>
        <p className="muted small">{nav.footer}</p>
        <span className="push" />
        <fieldset className={css.themes}>
          <legend className="sr">{nav.theme}</legend>
          {themes.map((each) => (
            <label key={each} className={each === theme ? css.chosen : undefined}>
              <input
                type="radio"
                name="theme"
                className="sr"
                checked={each === theme}
                onChange={() => setTheme(each)}
              />
              <Icon name={icons[each]} />
              {nav.themes[each]}
            </label>
          ))}
        </fieldset>
      </div>
    </footer>
  );
}
