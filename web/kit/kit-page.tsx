import { useState } from 'react';
import { useWords } from '../text/language.ts';
import { Button } from './button.tsx';
import type { Look } from './button-class.ts';
import { Card, Values } from './card.tsx';
import { Checkbox, Radios, Switch } from './choice.tsx';
import { Countdown } from './countdown.tsx';
import { DateRange, type Nights } from './date-range.tsx';
import { Dialog } from './dialog.tsx';
import { Field, PasswordField, Stepper } from './field.tsx';
import css from './kit-page.module.css';
import { Menu } from './menu.tsx';
import { Notice } from './notice.tsx';
import { Page, Section } from './page.tsx';
import { Segment, Tabs } from './segment.tsx';
import { Combobox, Select } from './select.tsx';
import { Skeleton } from './skeleton.tsx';
import { EmptyState, ErrorState } from './state.tsx';
import { Table, type Sort } from './table.tsx';
import { PhaseTag, Tag, phases, type Tone } from './tag.tsx';
import { Timeline } from './timeline.tsx';
import { toast, ToastBox } from './toast.tsx';

const looks: readonly Look[] = ['primary', 'plain', 'quiet', 'danger', 'final'];
const tones: readonly Tone[] = ['neutral', 'good', 'info', 'wait', 'bad'];
const cities = [
  { id: 'gangneung', label: '강릉', detail: '3.1 km' },
  { id: 'sokcho', label: '속초', detail: '48 km' },
  { id: 'busan', label: '부산', disabled: true },
];
const rows = [
  { id: 'R-7K2M-4821', what: '솔숲 스테이, 소나무방', phase: 'WAITING', at: '14:02', amount: 384_000 },
  { id: 'S-2F8C-0914', what: '책과 창 합정점, 14번', phase: 'ACTIVE', at: '13:41', amount: 8_000 },
  { id: 'T-2A8S-1206', what: '수학 1:1, 이서연', phase: 'DONE', at: '12:00', amount: 45_000 },
] as const;
/** Nights 4, 11, 12 and 22–25 of a month are taken. */
const isTaken = (night: string): boolean => ['04', '11', '12', '22', '23', '24', '25'].includes(night.slice(8));

/** Every component in every state: for whoever builds pages, and for the tests of the kit. */
export function KitPage() {
  const { nav } = useWords();
  return (
    <Page title={nav.parts} lead="web/kit">
      <Buttons />
      <Fields />
      <Choices />
      <Dates />
      <Section title="Tag">
        <div className="row">
          {phases.map((phase) => (
            <PhaseTag key={phase} phase={phase} />
          ))}
        </div>
        <div className={`row ${css.space}`}>
          {tones.map((tone) => (
            <Tag key={tone} tone={tone}>
              {tone}
            </Tag>
          ))}
        </div>
      </Section>
      <Orders />
      <Overlays />
      <Section title="Notice, Toast">
        <div className={css.two}>
          <div className="stack">
            {tones.map((tone) => (
              <Notice key={tone} tone={tone} title={tone === 'neutral' ? undefined : '결제가 지연되고 있어요'}>
                방은 잡아 두었어요. 하실 일은 없어요.
              </Notice>
            ))}
          </div>
          <div className="stack">
            <ToastBox text="예약을 요청했어요" onClose={() => undefined} />
            <ToastBox
              text="찜에서 뺐어요"
              action={{ label: '되돌리기', onPress: () => undefined }}
              onClose={() => undefined}
            />
            <ToastBox
              tone="bad"
              text="저장하지 못했어요"
              action={{ label: '다시 하기', onPress: () => undefined }}
              onClose={() => undefined}
            />
          </div>
        </div>
      </Section>
      <Section title="EmptyState, ErrorState, Skeleton">
        <div className={css.three}>
          <Card>
            <EmptyState title="아직 예약이 없어요" action={<Button>둘러보기</Button>}>
              예약하면 여기에서 볼 수 있어요.
            </EmptyState>
          </Card>
          <Card>
            <ErrorState onRetry={() => undefined} />
          </Card>
          <Card>
            <div className="stack">
              <Skeleton shape="title" />
              <Skeleton />
              <Skeleton shape="box" />
            </div>
          </Card>
        </div>
      </Section>
    </Page>
  );
}

const Buttons = () => (
  <Section title="Button">
    <div className={css.grid}>
      {looks.map((look) => (
        <div key={look} className="row">
          <Button look={look}>{look}</Button>
          <Button look={look} isDisabled>
            disabled
          </Button>
          <Button look={look} busy>
            busy
          </Button>
          <Button look={look} icon="plus" aria-label={look} />
        </div>
      ))}
    </div>
    <div className={`row ${css.space}`}>
      <Button look="primary" large>
        large 52
      </Button>
      <Button icon="plus">icon</Button>
    </div>
  </Section>
);

function Fields() {
  const [note, setNote] = useState('늦은 밤에 도착할 것 같아요.');
  const [guests, setGuests] = useState(2);
  return (
    <Section title="Field">
      <div className={css.three}>
        <Field label="empty" placeholder="예: 김하늘" hint="신분증과 같은 이름이에요" />
        <Field label="filled" defaultValue="010-1234-5678" />
        <Field label="error" defaultValue="12/24" error="체크인은 오늘보다 뒤여야 해요" />
        <Field label="disabled" defaultValue="소나무방" isDisabled />
        <Field label="affix" defaultValue="128,000" affix="원" />
        <PasswordField label="password" defaultValue="secret" />
        <Field label="multiline" multiline counted maxLength={300} value={note} onChange={setNote} />
        <Stepper label="stepper" what="인원" value={guests} onChange={setGuests} min={1} max={4} />
      </div>
    </Section>
  );
}

function Choices() {
  const [city, setCity] = useState<string | null>('gangneung');
  const [typed, setTyped] = useState<string | null>(null);
  const [way, setWay] = useState<string | null>('visit');
  const [piece, setPiece] = useState('7');
  return (
    <Section title="Select, Combobox, Checkbox, Radios, Switch, Segment, Tabs">
      <div className={css.three}>
        <Select label="select" options={cities} value={city} onChange={setCity} />
        <Combobox label="combobox" options={cities} value={typed} onChange={setTyped} placeholder="어디로" />
        <Select label="disabled" options={cities} value={null} onChange={setCity} isDisabled />
        <div>
          <Checkbox>off</Checkbox>
          <Checkbox defaultSelected>on</Checkbox>
          <Checkbox isIndeterminate>partly</Checkbox>
          <Checkbox isDisabled>disabled</Checkbox>
        </div>
        <Radios
          label="radios"
          value={way}
          onChange={setWay}
          options={[
            { id: 'delivery', label: '배송' },
            { id: 'visit', label: '방문 수령', detail: '3.1 km' },
            { id: 'quick', label: '퀵', disabled: true },
          ]}
        />
        <div>
          <Switch defaultSelected>on</Switch> <Switch>off</Switch>
        </div>
      </div>
      <div className={`row ${css.space}`}>
        <Segment
          label="segment"
          value={piece}
          onChange={setPiece}
          pieces={[
            { id: '1', label: '오늘' },
            { id: '7', label: '7일' },
            { id: '30', label: '30일' },
          ]}
        />
        <Segment
          chips
          label="chips"
          value={piece}
          onChange={setPiece}
          pieces={[
            { id: '1', label: '전체', count: '14' },
            { id: '7', label: '진행 중', count: '4' },
          ]}
        />
      </div>
      <Tabs
        label="tabs"
        tabs={[
          { id: 'a', label: '예약 내용', content: '12월 18일 (금)부터 3박' },
          { id: 'b', label: '대화', count: '2', content: '두 건이 있어요.' },
        ]}
      />
    </Section>
  );
}

function Dates() {
  const [one, setOne] = useState<Nights | null>({ from: '2027-03-16', to: '2027-03-19' });
  const [two, setTwo] = useState<Nights | null>({ from: '2027-03-18', to: '2027-03-22' });
  return (
    <Section title="DateRange">
      <div className={css.dates}>
        <Card>
          <DateRange label="one month" value={one} onChange={setOne} isTaken={isTaken} min="2027-03-03" />
        </Card>
        <Card>
          <DateRange
            label="two months"
            value={two}
            onChange={setTwo}
            isTaken={isTaken}
            min="2027-03-03"
            months={2}
            legend
          />
        </Card>
      </div>
    </Section>
  );
}

function Orders() {
  const [sort, setSort] = useState<Sort>({ by: 'at', descending: true });
  const [began] = useState(Date.now);
  return (
    <Section title="Timeline, Countdown, Values, Table">
      <div className={css.two}>
        <Card>
          <Timeline
            label="timeline"
            steps={[
              { state: 'done', title: '접수했어요', when: '14:02', text: '솔숲 스테이, 소나무방' },
              {
                state: 'now',
                title: '결제를 기다려요',
                when: '14:03',
                text: '결제 대행사가 답하지 않아요. 하실 일은 없어요.',
              },
              { state: 'todo', title: '확정돼요' },
            ]}
          />
        </Card>
        <Card>
          <Timeline
            label="failed"
            steps={[
              { state: 'done', title: '자리를 골랐어요', when: '10:12' },
              { state: 'failed', title: '결제하지 못했어요', when: '10:13', text: '카드 한도를 넘었어요.' },
            ]}
          />
          <div className={`row ${css.space}`}>
            <Countdown from={began} until={began + 600_000} />
            <Countdown from={began - 500_000} until={began + 100_000} />
            <Countdown from={began - 2} until={began - 1} />
          </div>
        </Card>
        <Card>
          <Values rows={[['128,000원 × 3박', '384,000원']]} total={['총 금액', '384,000원']} />
        </Card>
      </div>
      <Card flush className={css.space}>
        <Table
          label="table"
          sort={sort}
          onSort={setSort}
          rows={rows}
          empty={null}
          columns={[
            { id: 'id', title: '번호', cell: ({ id }) => <span className="mono">{id}</span> },
            { id: 'what', title: '이름', cell: ({ what }) => what },
            { id: 'phase', title: '상태', cell: ({ phase }) => <PhaseTag phase={phase} /> },
            { id: 'at', title: '요청한 때', sortable: true, numeric: true, cell: ({ at }) => at },
            {
              id: 'amount',
              title: '금액',
              sortable: true,
              numeric: true,
              cell: ({ amount }) => amount.toLocaleString(),
            },
          ]}
        />
      </Card>
    </Section>
  );
}

function Overlays() {
  const [open, setOpen] = useState(false);
  return (
    <Section title="Dialog, Menu, Toast">
      <div className="row">
        <Button onPress={() => setOpen(true)}>dialog</Button>
        <Menu
          trigger={<Button icon="more" aria-label="menu" />}
          entries={[
            { id: 'share', label: '공유', icon: 'share', onChoose: () => toast({ text: '주소를 복사했어요' }) },
            { id: 'cancel', label: '예약 취소', icon: 'ban', danger: true, onChoose: () => setOpen(true) },
          ]}
        />
        <Button
          onPress={() => toast({ text: '예약을 요청했어요', action: { label: '보기', onPress: () => undefined } })}
        >
          toast
        </Button>
      </div>
      <Dialog
        alert
        isOpen={open}
        onClose={() => setOpen(false)}
        title="예약을 취소할까요?"
        actions={
          <>
            <Button autoFocus onPress={() => setOpen(false)}>
              그대로 둘게요
            </Button>
            <Button look="final" onPress={() => setOpen(false)}>
              취소하고 384,000원 돌려받기
            </Button>
          </>
        }
      >
        <p>지금 취소하면 전액 돌려드려요.</p>
      </Dialog>
    </Section>
  );
}
