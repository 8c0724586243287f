import { Tag } from '../../kit/tag.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { text } from './text.ts';

/** How many are left. */
export function Left({ count }: { count: number }) {
  const words = useTexts(text);
  const { number } = useFormats();
  if (count === 0)
    return (
      <Tag tone="bad" icon="ban">
        {words.soldOut}
      </Tag>
    );
  return count <= 10 ? (
    <Tag tone="wait" icon="hour">
      {words.leftShort(number(count))}
    </Tag>
  ) : (
    <Tag tone="good" icon="check">
      {words.leftShort(number(count))}
    </Tag>
  );
}
