import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ApiError } from '../../api/http.ts';
import { Card, Values } from '../../kit/card.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { ErrorState } from '../../kit/state.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { asAmount } from '../../text/money.ts';
import { inLanguage } from '../../text/names.ts';
import { here } from '../../text/zone.ts';
import { CardChoice, useCard } from '../card-choice.tsx';
import { OrderFoot, OrderForm, useOrder } from '../order-form.tsx';
import { RefundsCard } from '../refunds.tsx';
import { buy, lessonQuery, quoteQuery, type Lesson } from './api.ts';
import { Gone } from './gone.tsx';
import css from './order.module.css';
import { text } from './text.ts';

const route = getRouteApi('/tutoring/$lessonId/order');

/** The last look before the order. What was chosen stands in the address, what was ticked in the browser: both outlive a reload. */
export function Order() {
  const words = useTexts(text);
  const { lessonId } = route.useParams();
  const { at } = route.useSearch();
  const lesson = useQuery(lessonQuery(lessonId));
  return (
    <Page
      narrow
      title={words.orderTitle}
      lead={words.orderLead}
      crumbs={[
        <Link key="list" to="/tutoring" look="bare">
          {words.title}
        </Link>,
        <Link key="lesson" to="/tutoring/$lessonId" params={{ lessonId }} search={{ at }} look="bare">
          {words.about}
        </Link>,
      ]}
    >
      {lesson.data ? (
        at ? (
          <OrderOf key={at} lesson={lesson.data} at={at} />
        ) : (
          <OtherTime lessonId={lessonId} />
        )
      ) : lesson.isError ? (
        <ErrorState onRetry={() => void lesson.refetch()} />
      ) : (
        <Waiting>
          <Skeleton shape="box" />
        </Waiting>
      )}
    </Page>
  );
}

function OtherTime({ lessonId }: { lessonId: string }) {
  const words = useTexts(text);
  return (
    <Link to="/tutoring/$lessonId" params={{ lessonId }} look="plain" full>
      {words.otherTime}
    </Link>
  );
}

function OrderOf({ lesson, at }: { lesson: Lesson; at: string }) {
  const words = useTexts(text);
  const { money, span, zone, dateTime } = useFormats();
  const { language } = useLanguage();
  const navigate = route.useNavigate();
  const quote = useQuery(quoteQuery(lesson.id, at));
  // Without an answer the price of the list counts; another one is refused before anything is stored.
  const total = quote.data?.total ?? asAmount(lesson.price);
  const card = useCard();
  const order = useOrder({
    form: `tutoring ${lesson.id} ${at}`,
    total,
    send: (agreedTotal, key) => buy({ lessonId: lesson.id, startTime: at, agreedTotal, paymentMethodId: card.id }, key),
    changes: ['lesson', lesson.id],
  });
  const isTaken = order.error instanceof ApiError && order.error.reason === 'START_TIME_TAKEN';
  const isGone = isTaken || (!lesson.freeStartTimes.includes(at) && !order.isPending && !order.isDone);
  const amount = money(order.total);
  const { holdUntil } = quote.data ?? {};
  const end = Date.parse(at) + lesson.minutes * 60_000;

  return (
    <OrderForm order={order}>
      <Card>
        <p className="muted small">{[lesson.subject, lesson.level].filter(Boolean).join(' · ')}</p>
        <h2>{inLanguage(lesson.title, language)}</h2>
        <p className="muted small">{words.byVideo}</p>
      </Card>
      <Card>
        <Values
          rows={[
            [words.time, span(at, end, here())],
            [words.length, words.minutes(lesson.minutes)],
            [words.price, money(total)],
          ]}
          total={[words.total, amount]}
        />
        <p className={`muted small ${css.zone}`}>{words.zoneText(zone(here()))}</p>
      </Card>
      {isGone ? (
        <>
          <Gone
            time={at}
            free={lesson.freeStartTimes}
            onChoose={(next) => void navigate({ search: { at: next }, replace: true })}
          />
          <OtherTime lessonId={lesson.id} />
        </>
      ) : (
        <>
          <RefundsCard steps={quote.data?.refundSteps} zone={here()} note={words.refundText} />
          <Notice tone="good" title={words.holdTitle}>
            {words.holdText}
          </Notice>
          <CardChoice card={card} />
          <OrderFoot
            order={order}
            agree={words.agree}
            label={order.isNewTotal ? words.agreeNew(amount) : words.pay(amount)}
            heldUntil={holdUntil && dateTime(holdUntil, here())}
            reasons={words.reasons}
          />
        </>
      )}
    </OrderForm>
  );
}
