// Bars over time, each a stack of its series.

import { useTranslation } from 'react-i18next';
import { Frame } from './frame.tsx';
import { CrossWords } from './line-chart.tsx';
import { marksTo, scaleOf, stepOfNames } from './scale.ts';
import { useCross } from './use-cross.ts';

const left = 44;
const right = 4;
const top = 10;
const bottom = 26;
const nameWidth = 44;
const barShare = 0.68;

export interface BarSeries {
  name: string;
  /** A custom property, such as `--chart-1`. */
  colour: string;
}

interface Props {
  /** What it shows, in one sentence with its high and newest value. */
  label: string;
  /** From the bottom up. */
  series: readonly BarSeries[];
  /** The name of each bar: as the cross-hair says it, and short, at the axis. */
  bars: readonly { name: string; short: string; values: readonly number[] }[];
  /** Steps between the names at the axis, the smallest first. */
  nameSteps: readonly number[];
  /** The bar whose stretch is not over. */
  openAt?: number | undefined;
  format: (value: number) => string;
  /** At the axis, where it differs. */
  axis?: (value: number) => string;
  /** Counts have no marks between whole numbers. */
  isWhole?: boolean;
  height?: number;
}

export const BarChart = (props: Props) => <Frame height={props.height}>{size => <Drawn {...props} {...size} />}</Frame>;

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

function Drawn(props: Props & { width: number; height: number }) {
  const { label, series, bars, nameSteps, openAt, format, axis = format, isWhole = true, width, height } = props;
  const { t } = useTranslation();
  const room = width - left - right;
  const marks = marksTo(Math.max(0, ...bars.map(({ values }) => sum(values))), 2, isWhole);
  const y = scaleOf(marks.at(-1) ?? 1, height - bottom, top);
  const wide = room / Math.max(1, bars.length);
  const middle = (place: number) => left + (place + 0.5) * wide;
  const words = (place: number) => {
    const bar = bars[place];
    if (!bar) return t('chart.none');
    const parts = series.map(({ name }, index) => `${name}: ${format(bar.values[index] ?? 0)}`);
    return `${bar.name}: ${format(sum(bar.values))}${series.length > 1 ? `, ${parts.join(', ')}` : ''}`;
  };
  const cross = useCross({
    count: bars.length,
    start: Math.max(0, openAt ?? bars.length - 1),
    placeAt: pixel => Math.min(bars.length - 1, Math.max(0, Math.floor((pixel - left) / wide))),
    words,
    label,
  });
  const step = stepOfNames(bars.length, room, nameWidth, nameSteps);
  return (
    <div {...cross.props} className="size-full rounded-control">
      <svg width={width} height={height} aria-hidden="true">
        {marks.map(mark => (
          <g key={mark}>
            <line className="grid-line" x1={left} x2={width - right} y1={y(mark)} y2={y(mark)} />
            <text x={left - 8} y={y(mark) + 4} textAnchor="end">
              {axis(mark)}
            </text>
          </g>
        ))}
        {bars.map(({ name, short, values }, place) => (
          <g key={name} className={place === openAt ? 'is-open' : undefined}>
            {values.map((value, index) => {
              const below = sum(values.slice(0, index));
              const thick = Math.max(0, y(below) - y(below + value) - (index > 0 ? 1 : 0));
              return (
                <rect
                  key={series[index]?.name}
                  x={middle(place) - (wide * barShare) / 2}
                  width={wide * barShare}
                  y={y(below + value)}
                  height={thick}
                  fill={`var(${series[index]?.colour ?? '--chart-6'})`}
                />
              );
            })}
            {place % step === 0 && (
              <text x={middle(place)} y={height - 6} textAnchor="middle">
                {short}
              </text>
            )}
          </g>
        ))}
        {cross.place !== undefined && (
          <line className="cross" x1={middle(cross.place)} x2={middle(cross.place)} y1={top} y2={height - bottom} />
        )}
      </svg>
      {cross.place !== undefined && <CrossWords x={middle(cross.place)} width={width} words={words(cross.place)} />}
    </div>
  );
}
