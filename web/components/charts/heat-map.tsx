// A value for each hour of each day of the week, in six steps of one colour.
import { useFormat } from '../../kit/format.ts';
import { heatStep } from './scale.ts';
import { useCross } from './use-cross.ts';

const hours = 24;
const namedHours = 6;

interface Props {
  /** What it shows, in one sentence with its high. */
  label: string;
  /** Seven days of 24 values. */
  rows: readonly { name: string; long: string; values: readonly number[] }[];
  hourName: (hour: number) => string;
  /** In place of the legend, where there is nothing. */
  none: string;
  /** What one is: "240 an hour". */
  most: (value: string) => string;
}

export function HeatMap({ label, rows, hourName, none, most: mostWords }: Props) {
  const { number } = useFormat();
  const values = rows.flatMap(row => row.values);
  const most = Math.max(0, ...values);
  const words = (place: number) =>
    `${rows[Math.floor(place / hours)]?.long ?? ''} ${hourName(place % hours)}: ${number(values[place] ?? 0)}`;
  const cross = useCross({
    count: values.length,
    start: Math.max(0, values.indexOf(most)),
    row: hours,
    placeAt: () => undefined,
    words,
    label,
  });
  return (
    <div dir="ltr">
      <div {...cross.props} className="heat rounded-control">
        {rows.map((row, day) => (
          <div key={row.name} className="contents" aria-hidden="true">
            <b>{row.name}</b>
            {row.values.map((value, hour) => (
              <i
                // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
                key={hour}
                data-v={heatStep(value, most)}
                data-cross={cross.place === day * hours + hour || undefined}
                title={words(day * hours + hour)}
              />
            ))}
          </div>
        ))}
        <div className="contents" aria-hidden="true">
          <b />
          {Array.from({ length: hours }, (_, hour) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
            <b key={hour} className="text-center">
              {hour % namedHours === 0 && number(hour)}
            </b>
          ))}
        </div>
      </div>
      <p className="mt-3 flex items-center gap-1.5 text-12 text-muted" aria-hidden="true">
        {most === 0 ? (
          none
        ) : cross.place === undefined ? (
          <>
            {number(0)}
            <span className="flex gap-0.5">
              {[0, 1, 2, 3, 4, 5].map(step => (
                <span key={step} className="h-2 w-5 rounded-[2px]" style={{ background: `var(--heat-${step})` }} />
              ))}
            </span>
            {mostWords(number(most))}
          </>
        ) : (
          words(cross.place)
        )}
      </p>
    </div>
  );
}
