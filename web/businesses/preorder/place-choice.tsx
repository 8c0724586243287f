import { useId, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { Button } from '../../kit/button.tsx';
import { Combobox } from '../../kit/select.tsx';
import { Icon } from '../../kit/icon.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { islands, mainland } from './land.ts';
import {
  cities,
  fromMap,
  kilometresBetween,
  nearestCity,
  onMap,
  size,
  toMap,
  unitsPerKilometre,
  type Place,
} from './map.ts';
import css from './place-choice.module.css';
import { text } from './text.ts';

const closer = 14;
const steps: Readonly<Record<string, readonly [north: number, east: number]>> = {
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** Where the customer is: by the name of a city, or by pressing or walking on the map. */
export function PlaceChoice({
  place,
  onChange,
  error,
}: {
  place: Place | undefined;
  onChange(place: Place): void;
  error: string | undefined;
}) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const [isClose, setClose] = useState(place !== undefined);
  const said = useSaid(place);
  const id = useId();
  const drawing = useRef<SVGSVGElement>(null);
  const scale = isClose && place ? closer : 1;
  const at = place && toMap(place);
  const middle = scale > 1 && at ? at : { x: size.width / 2, y: size.height / 2 };
  const width = (size.height * 0.9) / scale;
  const height = size.height / scale;
  const corner = { x: middle.x - width / 2, y: middle.y - height / 2 };

  const press = ({ detail, clientX, clientY }: MouseEvent): void => {
    const matrix = drawing.current?.getScreenCTM()?.inverse();
    // Enter and Space press without a point.
    if (!matrix || !detail) return;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix);
    onChange(fromMap(x, y));
  };
  const walk = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const from = place ?? cities[0]!;
    const far = place ? 0.08 / scale : 0;
    onChange(onMap({ latitude: from.latitude + step[0] * far, longitude: from.longitude + step[1] * far }));
  };

  return (
    <div className={css.choice}>
      <Combobox
        label={words.city}
        placeholder={words.cityPlaceholder}
        options={cities.map((city, nth) => ({ id: String(nth), label: city[language] }))}
        value={place ? exactCity(place) : null}
        error={error}
        onChange={(nth) => {
          onChange(onMap(cities[Number(nth)]!));
          setClose(true);
        }}
      />
      <div className={css.frame}>
        <div className={css.map}>
          <svg
            viewBox={`${corner.x} ${corner.y} ${width} ${height}`}
            preserveAspectRatio="xMidYMid meet"
            ref={drawing}
            aria-hidden="true"
          >
            <g className={css.land} strokeWidth={1.2 / scale}>
              <path d={mainland} />
              {islands.map(([x, y, rx, ry, turn]) => (
                <ellipse key={x} cx={x} cy={y} rx={rx} ry={ry} transform={`rotate(${turn} ${x} ${y})`} />
              ))}
            </g>
            {cities
              .filter(({ inSeoul }) => !inSeoul || scale > 1)
              .map((city) => {
                const { x, y } = toMap(city);
                return (
                  <g key={city.ko} className={css.city}>
                    <circle cx={x} cy={y} r={2.2 / scale} />
                    {(scale > 1 ? place && kilometresBetween(place, city) > 2.5 : city.large) && (
                      <text x={x + 4.5 / scale} y={y + 4 / scale} fontSize={11.5 / scale} strokeWidth={3 / scale}>
                        {scale > 1 ? city[language].replace(/^(서울|부산|Seoul|Busan) /, '') : city[language]}
                      </text>
                    )}
                  </g>
                );
              })}
            {at && (
              <g className={css.me}>
                {scale > 1 &&
                  [5, 10].map((kilometres) => (
                    <g key={kilometres}>
                      <circle
                        className={css.ring}
                        cx={at.x}
                        cy={at.y}
                        r={kilometres * unitsPerKilometre}
                        strokeWidth={1.2 / scale}
                        strokeDasharray={`${3 / scale} ${5 / scale}`}
                      />
                      <text
                        className={css.far}
                        x={at.x}
                        y={at.y - kilometres * unitsPerKilometre - 3 / scale}
                        fontSize={11 / scale}
                        strokeWidth={3 / scale}
                      >
                        {kilometres} km
                      </text>
                    </g>
                  ))}
                <circle cx={at.x} cy={at.y} r={12 / scale} opacity=".2" />
                <circle cx={at.x} cy={at.y} r={5.5 / scale} className={css.spot} strokeWidth={2 / scale} />
              </g>
            )}
          </svg>
        </div>
        <button
          type="button"
          aria-label={words.map}
          aria-describedby={id}
          className={css.press}
          onKeyDown={walk}
          onClick={press}
        />
        {place && (
          <span className={css.zoom}>
            <Button
              icon={isClose ? 'minus' : 'plus'}
              aria-label={isClose ? words.wholeCountry : words.closer}
              onPress={() => setClose(!isClose)}
            />
          </span>
        )}
      </div>
      <p id={id} role="status" className={css.said}>
        <Icon name="pin" size="small" />
        {said}
      </p>
    </div>
  );
}

const exactCity = (place: Place): string | null => {
  const { city, kilometres } = nearestCity(place);
  return kilometres < 0.05 ? String(cities.indexOf(city)) : null;
};

/** The place in words. */
export function useSaid(place: Place | undefined): string {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { number } = useFormats();
  if (!place) return words.noPlace;
  const { city, kilometres } = nearestCity(place);
  return kilometres < 0.05 ? city[language] : words.near(city[language], number(Math.round(kilometres * 10) / 10));
}
