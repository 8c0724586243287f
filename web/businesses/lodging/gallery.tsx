import { useState } from 'react';
import { Dialog } from '../../kit/dialog.tsx';
import { Button } from '../../kit/button.tsx';
import { useTexts } from '../../text/language.ts';
import type { Stay } from './api.ts';
import css from './gallery.module.css';
import { picturesOf } from './pictures.ts';
import { text } from './text.ts';

/** Five pictures at once; each opens large. On a small screen the first, to the edges. */
export function Gallery({ stay }: { stay: Stay }) {
  const words = useTexts(text);
  const pictures = picturesOf(stay);
  const [shown, setShown] = useState<number>();
  return (
    <section className={css.gallery} aria-label={words.pictures(pictures.length)}>
      {pictures.map((source, index) => (
        <button
          key={source}
          type="button"
          className={css.picture}
          aria-label={words.picture(index + 1)}
          onClick={() => setShown(index)}
        >
          <img src={source} alt="" width={640} height={460} fetchPriority={index === 0 ? 'high' : 'auto'} />
        </button>
      ))}
      <span className={css.all}>
        <Button icon="photos" onPress={() => setShown(0)}>
          {words.allPictures(pictures.length)}
        </Button>
      </span>
      <Dialog
        wide
        isOpen={shown !== undefined}
        onClose={() => setShown(undefined)}
        title={words.pictures(pictures.length)}
      >
        <p className="muted small">{words.drawn}</p>
        <div className={css.large}>
          {[...pictures.slice(shown ?? 0), ...pictures.slice(0, shown ?? 0)].map((source) => (
            <img key={source} src={source} alt="" width={640} height={460} />
          ))}
        </div>
      </Dialog>
    </section>
  );
}
