import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/api.ts';
import { queryClient } from '../api/client.ts';
import { useErrorText } from '../api/errors.ts';
import { Button } from '../kit/button.tsx';
import { Tag } from '../kit/tag.tsx';
import { toast } from '../kit/toast.tsx';
import { useFormats, useTexts } from '../text/language.ts';
import { here } from '../text/zone.ts';
import css from './account.module.css';
import { Confirm } from './confirm.tsx';
import { deviceOf } from './device.ts';
import { Section } from './section.tsx';
import { sessionsQuery, type DeviceSession } from './queries.ts';
import { text } from './text.ts';

/** Where one is signed in. This browser's own session ends by signing out. */
export function Sessions() {
  const words = useTexts(text);
  const errorText = useErrorText();
  const query = useQuery(sessionsQuery);
  const [areAllEnding, setAreAllEnding] = useState(false);
  const ending = useMutation({
    mutationFn: (session: DeviceSession) => end([session]),
    onSuccess: () => toast({ text: words.ended }),
    onError: (error) => toast({ text: errorText(error), tone: 'bad' }),
  });
  const others = query.data?.sessions.filter(({ current }) => !current) ?? [];
  return (
    <Section
      title={words.sessions}
      lead={words.sessionsText}
      query={query}
      aside={others.length > 1 && <Button onPress={() => setAreAllEnding(true)}>{words.endOthers}</Button>}
    >
      {({ sessions }) => (
        <>
          {sessions.length ? (
            <ul aria-label={words.sessions}>
              {[...sessions.filter(({ current }) => current), ...others].map((session) => (
                <SessionRow
                  key={session.id}
                  session={session}
                  isBusy={ending.isPending && ending.variables.id === session.id}
                  onEnd={() => ending.mutate(session)}
                />
              ))}
            </ul>
          ) : (
            <p className={css.pad}>{words.noSessions}</p>
          )}
          {areAllEnding && (
            <Confirm
              title={words.endOthersTitle}
              action={words.endOthers}
              done={words.endedOthers}
              run={() => end(others)}
              onClose={() => setAreAllEnding(false)}
            >
              <p className="muted">{words.endOthersText}</p>
            </Confirm>
          )}
        </>
      )}
    </Section>
  );
}

/** Ending one that has ended succeeds, so that what failed half-way is simply done again. */
async function end(sessions: readonly DeviceSession[]): Promise<void> {
  try {
    for (const { id } of sessions)
      await answered(api.DELETE('/v1/me/sessions/{session_id}', { params: { path: { session_id: id } } }));
  } finally {
    await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  }
}

function SessionRow({ session, isBusy, onEnd }: { session: DeviceSession; isBusy: boolean; onEnd(): void }) {
  const words = useTexts(text);
  const { dateTime } = useFormats();
  const device = deviceOf(session.device) || words.unknownDevice;
  const used = session.useTime ?? session.createTime;
  return (
    <li className={css.row}>
      <div className={css.what}>
        <span>
          {device}
          {session.current && (
            <Tag tone="good" icon="check">
              {words.thisDevice}
            </Tag>
          )}
        </span>
        <span className="muted small">
          {[used && words.used(dateTime(used, here())), session.address].filter(Boolean).join(' · ')}
        </span>
      </div>
      {!session.current && (
        <Button busy={isBusy} onPress={onEnd} aria-label={words.endOf(device)}>
          {words.end}
        </Button>
      )}
    </li>
  );
}
