import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { here } from '../../text/zone.ts';
import { text } from './text.ts';
import { nearestTo } from './times.ts';

/** Somebody was faster: the nearest times that are free. */
export function Gone({
  time,
  free,
  onChoose,
}: {
  time: string;
  free: readonly string[];
  onChoose(time: string): void;
}) {
  const words = useTexts(text);
  const { dateTime } = useFormats();
  const others = nearestTo(time, free);
  return (
    <Notice
      live
      tone="wait"
      title={words.gone(dateTime(time, here()))}
      action={others.map((each) => (
        <Button key={each} onPress={() => onChoose(each)}>
          {dateTime(each, here())}
        </Button>
      ))}
    >
      {others.length ? words.goneText : words.goneNone}
    </Notice>
  );
}
