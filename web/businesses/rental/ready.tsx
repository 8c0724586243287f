import { Tag } from '../../kit/tag.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { text } from './text.ts';

/** Whether it comes at once, or who rents it waits in line. */
export function Ready({ count }: { count: number }) {
  const words = useTexts(text);
  const { number } = useFormats();
  if (count === 0)
    return (
      <Tag tone="wait" icon="hour">
        {words.waiting}
      </Tag>
    );
  return (
    <Tag tone="good" icon="check">
      {count <= 10 ? words.few(number(count)) : words.ready}
    </Tag>
  );
}
