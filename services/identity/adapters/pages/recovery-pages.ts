import { html, type Html } from './html.ts';
import { emailField, hidden, link, newPasswordField, page, shown, type Drawing, type Notice } from './pages.ts';
import { recoveryTexts } from './recovery-texts.ts';
import { texts } from './texts.ts';

const framed = (drawing: Drawing, path: string, title: string, more: string, ways: Html, notice?: Notice): string =>
  page(
    drawing,
    path,
    title,
    html`<div class="f">
      <h1>${title}</h1>
      <p class="m">${more}</p>
      ${notice && shown(notice)} ${ways}
    </div>`,
  );

const way = (drawing: Drawing, path: string, words: string): Html =>
  html`<div class="lk"><a class="link tap" href="${link(path, drawing)}">${words}</a></div>`;

/** Where one asks for a link to set a new password by. */
export const forgotPage = (drawing: Drawing, notice?: Notice, email = ''): string => {
  const [t, r] = [texts[drawing.tongue], recoveryTexts[drawing.tongue]];
  const form = html`<form class="ef" method="post" action="${link('/auth/forgot', drawing)}">
    ${hidden(drawing)}${emailField(t, email, notice?.kind !== 'good')}
    <button class="btn p lg full">${r.send}</button>
  </form>`;
  const ways = html`${form}${way(drawing, '/auth/login', r.toSignIn)}`;
  return framed(drawing, '/auth/forgot', t.forgot, r.forgotWhy, ways, notice);
};

/** `path`: of the page itself, with the code. `email`: for the browser, which keeps the password with it. */
export const resetPage = (drawing: Drawing, path: string, email: string, notice?: Notice): string => {
  const [t, r] = [texts[drawing.tongue], recoveryTexts[drawing.tongue]];
  const form = html`<form class="ef" method="post" action="${link(path, drawing)}">
    ${hidden(drawing)}<input type="email" name="username" autocomplete="username" value="${email}" readonly hidden />
    ${newPasswordField(t, r.newPassword)}
    <button class="btn p lg full">${r.save}</button>
  </form>`;
  return framed(drawing, path, r.reset, r.resetOf(email), form, notice);
};

export const verifyPage = (drawing: Drawing, path: string, email: string, notice?: Notice): string => {
  const r = recoveryTexts[drawing.tongue];
  const form = html`<form class="ef" method="post" action="${link(path, drawing)}">
    ${hidden(drawing)}<button class="btn p lg full">${r.verifyNow}</button>
  </form>`;
  return framed(drawing, path, r.verify, r.verifyOf(email), form, notice);
};

export const verifiedPage = (drawing: Drawing, path: string): string => {
  const [t, r] = [texts[drawing.tongue], recoveryTexts[drawing.tongue]];
  const on = html`<div class="ef"><a class="btn p lg full" href="/">${t.goOn}</a></div>`;
  return framed(drawing, path, r.verified, r.verifiedMore, on);
};

/** One page for every link that cannot be used, whatever the reason. */
export const linkOverPage = (drawing: Drawing, path: string, which: 'reset' | 'verify', notice?: Notice): string => {
  const [t, r] = [texts[drawing.tongue], recoveryTexts[drawing.tongue]];
  const [more, to, words] =
    which === 'reset'
      ? ([r.resetOver, '/auth/forgot', r.askAgain] as const)
      : ([r.verifyOver, '/auth/login', t.signIn] as const);
  const back = which === 'reset' ? drawing : { ...drawing, returnTo: '/account' };
  const on = html`<div class="ef"><a class="btn p lg full" href="${link(to, back)}">${words}</a></div>`;
  return framed(drawing, path, r.over, more, on, notice);
};
