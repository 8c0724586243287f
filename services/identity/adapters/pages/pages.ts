import type { Language } from '#kernel/language.ts';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { samplePeople, type SamplePerson } from '../../sample.ts';
import { art, mark } from './art.ts';
import { html, type Html } from './html.ts';
import { texts, type Texts } from './texts.ts';

export const style = readFileSync(new URL('style.css', import.meta.url), 'utf8');
const styleHash = createHash('sha256').update(style).digest('hex').slice(0, 12);
export const stylePath = `/auth/style-${styleHash}.css`;

/** What every page is drawn with. */
export interface Drawing {
  tongue: Language;
  /** Where one goes afterwards: a path of our own. */
  returnTo: string;
  /** What a form of ours sends back. */
  formToken: string;
  /** Whether sample people are offered. */
  development: boolean;
}

export interface Notice {
  kind: 'bad' | 'good';
  title: string;
  text: string;
}

/** What was typed and may be shown again. */
export interface Typed {
  email?: string;
  name?: string;
}

export const signInPage = (drawing: Drawing, notice?: Notice, typed: Typed = {}): string => {
  const t = texts[drawing.tongue];
  const isAgain = notice?.kind === 'bad' && typed.email;
  return page(
    drawing,
    '/auth/login',
    t.signIn,
    html`<div class="f">
        <h1>${t.signIn}</h1>
        <p class="m">${t.signInWhy}</p>
        ${notice && shown(notice)}
        <form class="ef" method="post" action="${link('/auth/login', drawing)}">
          ${hidden(drawing)}${emailField(t, typed.email, !typed.email)}
          ${field(
            'password',
            t.password,
            html`type="password" autocomplete="current-password" maxlength="256" ${isAgain && html`autofocus`}`,
          )}
          <button class="btn lg full p">${t.signInByEmail}</button>
        </form>
        <div class="lk">
          <a class="link tap" href="${link('/auth/forgot', drawing)}">${t.forgot}</a>
          <a class="link tap" href="${link('/auth/register', drawing)}">${t.newAccount}</a>
        </div>
      </div>
      ${drawing.development && sampleSection(drawing, t)}`,
  );
};

export const signUpPage = (drawing: Drawing, notice?: Notice, typed: Typed = {}): string => {
  const t = texts[drawing.tongue];
  return page(
    drawing,
    '/auth/register',
    t.signUp,
    html`<div class="f">
      <h1>${t.signUp}</h1>
      <p class="m">${t.signUpWhy}</p>
      ${notice && shown(notice)}
      <form class="ef" method="post" action="${link('/auth/register', drawing)}">
        ${hidden(drawing)}
        ${field('name', t.name, html`autocomplete="name" maxlength="50" value="${typed.name ?? ''}"`)}
        ${emailField(t, typed.email, false)} ${newPasswordField(t, t.password)}
        <label class="check"><input type="checkbox" name="agreed" value="yes" required /><span>${t.agree}</span></label>
        <button class="btn p lg full">${t.createAccount}</button>
      </form>
      <div class="lk"><a class="link tap" href="${link('/auth/login', drawing)}">${t.haveAccount}</a></div>
    </div>`,
  );
};

/** For somebody who is signed in and comes to sign in. */
export const signedInPage = (drawing: Drawing, name: string): string => {
  const t = texts[drawing.tongue];
  return page(
    drawing,
    '/auth/login',
    t.signIn,
    html`<div class="f">
      <h1>${t.signedIn(name)}</h1>
      <p class="m">${t.signedInMore}</p>
      <div class="ef">
        <a class="btn p lg full" href="${drawing.returnTo}">${t.goOn}</a>
        <form method="post" action="${link('/auth/logout', drawing)}">
          ${hidden(drawing)}<button class="btn lg full">${t.signOut}</button>
        </form>
      </div>
    </div>`,
  );
};

/** What became of an invitation: it can be accepted (by somebody of that name, or after signing in), it was, or it cannot be. */
export type Inviting =
  | { state: 'open'; role: string; name: string | undefined }
  | { state: 'accepted'; roles: readonly string[] }
  | { state: 'over' };

/** `path`: of the page itself, with the code. */
export const invitationPage = (drawing: Drawing, path: string, inviting: Inviting, notice?: Notice): string => {
  const t = texts[drawing.tongue];
  const back = { ...drawing, returnTo: path };
  const [title, more, ways] = ((): readonly [string, string, Html] => {
    switch (inviting.state) {
      case 'open': {
        const title = t.invitation(t.roles[inviting.role] ?? inviting.role);
        if (inviting.name === undefined)
          return [
            title,
            t.invitationWhy,
            html`<a class="btn p lg full" href="${link('/auth/login', back)}">${t.signIn}</a>
              <a class="btn lg full" href="${link('/auth/register', back)}">${t.newAccount}</a>`,
          ];
        return [
          title,
          t.invitationAs(inviting.name),
          html`<form method="post" action="${link(path, drawing)}">
            ${hidden(drawing)}<button class="btn p lg full">${t.accept}</button>
          </form>`,
        ];
      }
      case 'accepted': {
        const named = inviting.roles.map((role) => t.roles[role] ?? role).join(', ');
        return [t.accepted(named), t.acceptedMore, html`<a class="btn p lg full" href="/">${t.goOn}</a>`];
      }
      case 'over':
        return [t.invitationOver, t.invitationOverMore, html`<a class="btn lg full" href="/">${t.goOn}</a>`];
    }
  })();
  return page(
    drawing,
    path,
    title,
    html`<div class="f">
      <h1>${title}</h1>
      <p class="m">${more}</p>
      ${notice && shown(notice)}
      <div class="ef">${ways}</div>
    </div>`,
  );
};

export const link = (path: string, { returnTo, tongue }: Drawing): string =>
  `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ return_to: returnTo, lang: tongue }).toString()}`;

export const hidden = ({ formToken }: Drawing): Html => html`<input type="hidden" name="form" value="${formToken}" />`;

export const field = (name: string, label: string, attributes: Html, hint?: Html): Html =>
  html`<div class="field">
    <label for="${name}">${label}</label>
    <input class="in" id="${name}" name="${name}" required ${attributes} />
    ${hint}
  </div>`;

export const newPasswordField = (t: Texts, label: string): Html =>
  field(
    'password',
    label,
    html`type="password" autocomplete="new-password" minlength="10" maxlength="256" aria-describedby="password-hint"`,
    html`<span class="hint" id="password-hint">${t.passwordHint}</span>`,
  );

export const emailField = (t: Texts, value = '', focus: boolean): Html =>
  field(
    'email',
    t.email,
    html`type="email" autocomplete="username" maxlength="254" placeholder="haneul@example.com" value="${value}"
    ${focus && html`autofocus`}`,
  );

export const shown = ({ kind, title, text }: Notice): Html =>
  html`<div class="notice ${kind === 'bad' ? 'b' : 'ok'}" role="${kind === 'bad' ? 'alert' : 'status'}">
    <svg class="ic" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="8.5" />
      ${kind === 'bad' ? html`<path d="M12 7.5V13M12 16v.2" />` : html`<path d="M8.5 12l2.5 2.5 4.5-5" />`}
    </svg>
    <span><b>${title}</b><span class="s">${text}</span></span>
  </div>`;

const sampleSection = (drawing: Drawing, t: Texts): Html =>
  html`<section class="dev" aria-labelledby="dev-title">
    <h2 id="dev-title"><span class="tag w">${t.development}</span>${t.developmentTitle}</h2>
    <p class="s m">${t.developmentWhy}</p>
    <form method="post" action="${link('/auth/sample', drawing)}">
      ${hidden(drawing)}
      <ul>
        ${samplePeople.map((each) => sampleButton(each, t))}
      </ul>
    </form>
  </section>`;

const sampleButton = ({ name, displayName, role }: SamplePerson, t: Texts): Html =>
  html`<li>
    <button class="btn" name="name" value="${name}">
      <span class="av av-${role}" aria-hidden="true">${displayName.slice(0, 1)}</span>${t.roles[role] ?? role}
      <span class="m s">${displayName}</span>
    </button>
  </li>`;

export function page(drawing: Drawing, path: string, title: string, main: Html): string {
  const { tongue } = drawing;
  const t = texts[tongue];
  const other: Language = tongue === 'ko' ? 'en' : 'ko';
  const logo = html`<a class="logo" href="/">${mark}${t.brand}</a>`;
  return html`<!doctype html>
    <html lang="${tongue}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} — ${t.brand}</title>
        <link rel="stylesheet" href="${stylePath}" />
      </head>
      <body>
        <div class="two">
          <section class="brand" aria-label="${t.brand}">
            <div class="tx">
              ${logo}
              <p class="big">${t.promise[0]}<br />${t.promise[1]}</p>
              <p class="sm">${t.promiseMore}</p>
            </div>
            ${art}
          </section>
          <main class="form">
            <div class="hd">
              ${logo}<span class="sp"></span
              ><a class="btn q" lang="${other}" href="${link(path, { ...drawing, tongue: other })}">${t.other}</a>
            </div>
            ${main}
          </main>
        </div>
      </body>
    </html> `.text;
}
