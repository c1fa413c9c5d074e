// A line over time, the stretch before in grey, and the part that is not over dotted.

import { useTranslation } from 'react-i18next';
import { Frame } from './frame.tsx';
import { marksTo, nearest, scaleOf, stepOfNames } from './scale.ts';
import { useCross } from './use-cross.ts';

const left = 44;
const right = 12;
const top = 14;
const bottom = 26;
const nameWidth = 44;

interface Props {
  /** What it shows, in one sentence with its high, low and newest value. */
  label: string;
  /** The name of each place: as the cross-hair says it, and short, at the axis. */
  places: readonly { name: string; short: string }[];
  /** Steps between the names at the axis, the smallest first. */
  nameSteps: readonly number[];
  /** Null: not yet, or not known. */
  values: readonly (number | null)[];
  /** The place whose stretch is not over. */
  openAt?: number | undefined;
  before?: { name: string; values: readonly (number | null)[] } | undefined;
  format: (value: number) => string;
  /** Counts have no marks between whole numbers. */
  isWhole?: boolean;
  height?: number;
}

export const LineChart = (props: Props) => (
  <Frame height={props.height}>{size => <Drawn {...props} {...size} />}</Frame>
);

function Drawn(props: Props & { width: number; height: number }) {
  const { label, places, nameSteps, values, openAt, before, format, isWhole = true, width, height } = props;
  const { t } = useTranslation();
  const count = places.length;
  const known = [...values, ...(before?.values ?? [])].filter(value => value !== null);
  const marks = marksTo(Math.max(0, ...known), height < 200 ? 2 : 4, isWhole);
  const y = scaleOf(marks.at(-1) ?? 1, height - bottom, top);
  const x = (place: number) => left + (count < 2 ? 0.5 : place / (count - 1)) * (width - left - right);
  const newest = values.findLastIndex(value => value !== null);
  const words = (place: number) => {
    const value = values[place];
    const then = before?.values[place];
    return [
      `${places[place]?.name ?? ''}: ${value === null || value === undefined ? t('chart.none') : format(value)}`,
      ...(before && then !== null && then !== undefined ? [`${before.name}: ${format(then)}`] : []),
    ].join(', ');
  };
  const cross = useCross({
    count,
    start: Math.max(0, newest),
    placeAt: pixel => nearest(pixel, count, left, width - right),
    words,
    label,
  });
  const step = stepOfNames(count, width - left - right, nameWidth, nameSteps);
  const closed = openAt === undefined ? values : values.map((value, place) => (place < openAt ? value : null));
  const open =
    openAt === undefined ? [] : values.map((value, place) => (place >= openAt - 1 && place <= openAt ? value : null));
  const last = values[newest];
  return (
    <div {...cross.props} className="size-full rounded-control">
      <svg width={width} height={height} aria-hidden="true">
        {marks.map(mark => (
          <g key={mark}>
            <line className="grid-line" x1={left} x2={width - right} y1={y(mark)} y2={y(mark)} />
            <text x={left - 8} y={y(mark) + 4} textAnchor="end">
              {format(mark)}
            </text>
          </g>
        ))}
        {places.map(
          ({ name, short }, place) =>
            place % step === 0 && (
              <text key={name} x={x(place)} y={height - 6} textAnchor="middle">
                {short}
              </text>
            ),
        )}
        {before && <path className="before" d={pathOf(before.values, x, y)} />}
        <path className="line" d={pathOf(closed, x, y)} />
        {openAt !== undefined && <path className="line part" d={pathOf(open, x, y)} />}
        {cross.place !== undefined && (
          <line className="cross" x1={x(cross.place)} x2={x(cross.place)} y1={top} y2={height - bottom} />
        )}
        {newest >= 0 && last !== null && last !== undefined && (
          <circle className="end" r={4.5} cx={x(newest)} cy={y(last)} />
        )}
      </svg>
      {cross.place !== undefined && <CrossWords x={x(cross.place)} width={width} words={words(cross.place)} />}
    </div>
  );
}

/** What is at the cross-hair, beside it on the side that has room. */
export const CrossWords = ({ x, width, words }: { x: number; width: number; words: string }) => (
  <span
    className="cross-words"
    style={x > width / 2 ? { right: width - x + 8 } : { left: x + 8 }}
    dir="auto"
    aria-hidden="true"
  >
    {words}
  </span>
);

/** A path through the values; where there is none, it is broken. */
function pathOf(
  values: readonly (number | null)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  return values
    .map((value, place) =>
      value === null
        ? ''
        : `${(values[place - 1] ?? null) === null ? 'M' : 'L'}${x(place).toFixed(1)} ${y(value).toFixed(1)}`,
    )
    .join('');
}
