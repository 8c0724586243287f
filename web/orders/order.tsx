import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError } from '../api/http.ts';
import { useLive, useLiveOfOthers, type LiveState } from '../api/live.ts';
import { signInPath, useSession } from '../api/session.ts';
import { Countdown } from '../kit/countdown.tsx';
import { Icon, type IconName } from '../kit/icon.tsx';
import { Link } from '../kit/link.tsx';
import { Notice } from '../kit/notice.tsx';
import { Page } from '../kit/page.tsx';
import { SignInFirst } from '../kit/sign-in-first.tsx';
import { Skeleton, Waiting } from '../kit/skeleton.tsx';
import { EmptyState, ErrorState } from '../kit/state.tsx';
import { PhaseTag, type Phase } from '../kit/tag.tsx';
import { useFormats, useLanguage, useTexts } from '../text/language.ts';
import { here } from '../text/zone.ts';
import { AnotherCard } from './another-card.tsx';
import { reasonTexts } from './reasons.ts';
import { CancelDialog } from './cancel.tsx';
import { cancelsAs, cancelsLate } from './canceller.ts';
import { Details } from './details.tsx';
import { businessOf, numberOf, type Order } from './kinds.ts';
import css from './order.module.css';
import { Live } from './live.tsx';
import { orderQuery } from './queries.ts';
import { deadlineOf, isOver, titleOf, waitsForCard, whenOf, zoneOf } from './shown.ts';
import { useOrderState } from './state.ts';
import { Story } from './story.tsx';
import { text } from './text.ts';

/** One order, live: where it stands, what is safe, what comes next, and what can be done. */
export function OrderPage() {
  const { id } = useParams({ from: '/orders/$id' });
  const words = useTexts(text);
  const live = useLive();
  const query = useQuery(orderQuery(id));
  const order = query.data;
  if (order) return <Shown order={order} live={live} readAt={query.dataUpdatedAt} />;
  const { error } = query;
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return <NotFound />;
  if (error instanceof ApiError && error.status === 401)
    return <SignInFirst href={signInPath()}>{words.signInText}</SignInFirst>;
  if (error)
    return (
      <Page title={words.title} hidden>
        <ErrorState whole onRetry={() => void query.refetch()} />
      </Page>
    );
  return (
    <Page title={words.title} hidden>
      <Waiting>
        <div className={css.columns}>
          <Skeleton shape="box" className={css.tall} />
          <Skeleton shape="box" className={css.tall} />
        </div>
      </Waiting>
    </Page>
  );
}

function Shown({ order, live, readAt }: { order: Order; live: LiveState; readAt: number }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const format = useFormats();
  const [isCancelling, setCancelling] = useState(false);
  const isBreaking = useLasting(live === 'reconnecting', 1_000);
  const at = format.time(readAt, here());
  const title = titleOf(order, language, words);
  const business = businessOf(order);
  const session = useSession();
  const reader = session.person?.id;
  useLiveOfOthers(order.id, reader !== undefined && reader !== order.customerId && reader !== order.providerId);
  const as = business?.cancel && cancelsAs(order, business.provider, session);
  const isLate = as !== undefined && business?.untilPaidOut === order.status && cancelsLate(as, session);
  const refused = order.attributes['cancel_refused'];
  const canCancel = isLate ? refused !== 'PAID_OUT' : !isOver(order) && order.phase !== 'CANCELLING';
  return (
    <Page
      title={numberOf(order)}
      hidden
      crumbs={[
        <Link key="orders" to="/orders" search={{}} look="bare">
          {words.title}
        </Link>,
      ]}
    >
      <div className={css.columns}>
        <div className={css.main}>
          {isBreaking && (
            <Notice tone="wait" icon="refresh" live title={words.reconnectingTitle}>
              <p>{words.reconnectingText(at)}</p>
            </Notice>
          )}
          {refused && (isLate ? refused === 'PAID_OUT' : !isOver(order)) && (
            <Notice tone="wait" title={words.cancelRefused}>
              <p>{reasonTexts[refused]?.[language]}</p>
            </Notice>
          )}
          <Standing order={order} live={live} since={isBreaking ? words.since(at) : undefined} />
          <Story order={order} />
        </div>
        <Details order={order} onCancel={as && canCancel ? () => setCancelling(true) : undefined} />
      </div>
      {isCancelling && as && canCancel && (
        <CancelDialog
          {...{ order, as }}
          subtitle={[title, whenOf(order, format, words)].filter(Boolean).join(' · ')}
          onClose={() => setCancelling(false)}
        />
      )}
    </Page>
  );
}

const frames: Readonly<Record<string, string | undefined>> = {
  RECEIVED: css.info,
  WAITING: css.wait,
  ACTIVE: css.good,
  REJECTED: css.bad,
  FAILED: css.bad,
};

/** Where it stands. A change is read out. */
function Standing({ order, live, since }: { order: Order; live: LiveState; since: string | undefined }) {
  const words = useTexts(text);
  const { word, title, text: told, next, why } = useOrderState(order);
  const isUnpaid = waitsForCard(order);
  const { person } = useSession();
  return (
    <section className={`${css.standing} ${frames[order.phase] ?? ''}`}>
      <div className={css.head}>
        <div className="row">
          <PhaseTag phase={order.phase as Phase}>{word}</PhaseTag>
          <span className="push" />
          <Live state={live}>{since}</Live>
        </div>
        <div role="status">
          <h1 tabIndex={-1}>{title}</h1>
          <p>
            {(isOver(order) || isUnpaid) && why ? `${why} ` : ''}
            {told}
          </p>
        </div>
        {next && (
          <p className={css.next}>
            <b>{words.nextStep}</b> {next}
          </p>
        )}
        <Deadline order={order} />
      </div>
      {isUnpaid && person?.id === order.customerId && <AnotherCard key={order.updateTime} orderId={order.id} />}
      {order.status === 'PAYMENT_PENDING' && !isUnpaid && <Facts />}
    </section>
  );
}

function Deadline({ order }: { order: Order }) {
  const words = useTexts(text);
  const format = useFormats();
  const [now] = useState(Date.now);
  const deadline = deadlineOf(order, now);
  if (!deadline) return null;
  return (
    <p className={css.deadline}>
      <span>
        <span className="muted">{words.until[deadline.what]}</span> <b>{format.dateTime(deadline.at, zoneOf(order))}</b>
      </span>
      <Countdown from={Date.parse(order.createTime ?? '') || now} until={deadline.at} />
    </p>
  );
}

const factIcons: Readonly<Record<'kept' | 'checking' | 'once', IconName>> = {
  kept: 'home',
  checking: 'refresh',
  once: 'shield',
};

/** What is safe while payment is away. */
function Facts() {
  const { facts } = useTexts(text);
  return (
    <ul className={css.facts}>
      {(['kept', 'checking', 'once'] as const).map((fact) => (
        <li key={fact}>
          <Icon name={factIcons[fact]} />
          <b>{facts[fact][0]}</b>
          <small className="muted">{facts[fact][1]}</small>
        </li>
      ))}
    </ul>
  );
}

function NotFound() {
  const words = useTexts(text);
  return (
    <Page title={words.notFound} hidden>
      <EmptyState
        whole
        title={words.notFound}
        action={
          <Link to="/orders" search={{}} look="primary">
            {words.toOrders}
          </Link>
        }
      >
        {words.notFoundText}
      </EmptyState>
    </Page>
  );
}

/** Whether something has been so for a while: what passes at once is not worth a word. */
function useLasting(is: boolean, ms: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!is) return undefined;
    const timer = setTimeout(() => setLasting(true), ms);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [is, ms]);
  return is && lasting;
}
