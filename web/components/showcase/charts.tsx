import { BarChart } from '../charts/bar-chart.tsx';
import { ChartCard } from '../charts/chart-card.tsx';
import type { Figures } from '../charts/figures.ts';
import { Forecast } from '../charts/forecast.tsx';
import { HeatMap } from '../charts/heat-map.tsx';
import { LineChart } from '../charts/line-chart.tsx';
import { ShareBars } from '../charts/share-bars.tsx';

const number = (value: number) => value.toLocaleString('en');
const today = [12, 6, 3, 2, 2, 5, 38, 190, 512, 1130, 1322, 1248, 1010, 1184, 610];
const friday = [
  10, 5, 4, 2, 3, 7, 31, 160, 448, 980, 1210, 1290, 1120, 1016, 1090, 1180, 1240, 1030, 860, 540, 300, 160, 62, 25,
];
const places = friday.map((_, hour) => ({ name: `${hour}:00`, short: String(hour) }));
const values = friday.map((_, hour) => today[hour] ?? null);
const hourly: Figures = {
  of: 'Hour',
  columns: [
    { name: 'Sent', format: number },
    { name: 'last Friday', format: number },
  ],
  rows: places.map(({ name }, hour) => ({ name, values: [values[hour] ?? null, friday[hour] ?? null] })),
};
const categories = [
  { name: 'Marketing', colour: '--chart-1' },
  { name: 'Utility', colour: '--chart-3' },
  { name: 'Service', colour: '--chart-2' },
];
const spent = Array.from({ length: 27 }, (_, day) => ({
  name: `${day + 1} November`,
  short: String(day + 1),
  values: [40 + ((day * 37) % 60), 20 + ((day * 13) % 12), day < 18 ? 4 : 14],
}));
const money = (value: number) => `$ ${value.toFixed(0)}`;
const daily: Figures = {
  of: 'Day',
  columns: categories.map(({ name }) => ({ name, format: money })),
  rows: spent,
};
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((name, day) => ({
  name,
  long: name,
  values: Array.from({ length: 24 }, (_, hour) =>
    hour < 7 || hour > 21 ? 0 : Math.round(Math.sin(((hour - 6) / 16) * Math.PI) * (day === 6 ? 40 : 160 + day * 20)),
  ),
}));
const weekly: Figures = {
  of: 'Day',
  columns: Array.from({ length: 24 }, (_, hour) => ({ name: `${hour}`, format: number })),
  rows: days,
};
const answers = [
  { key: '1', name: 'under 1 min', value: 14 },
  { key: '5', name: '1 to 5 min', value: 38 },
  { key: '15', name: '5 to 15 min', value: 31, hint: 'Most of the morning.' },
  { key: '60', name: 'over 4 h', value: 3 },
];
const waited: Figures = {
  of: 'First response',
  columns: [{ name: 'Conversations', format: number }],
  rows: answers.map(({ name, value }) => ({ name, values: [value] })),
};

export const Charts = () => (
  <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
    <ChartCard title="Sent by hour" figures={hourly} file="sent">
      <LineChart
        label="Sent by hour: 1,322 at 10:00 at most, 610 now"
        places={places}
        nameSteps={[1, 2, 3, 6, 12]}
        values={values}
        openAt={today.length - 1}
        before={{ name: 'last Friday', values: friday }}
        format={number}
      />
    </ChartCard>
    <ChartCard title="Spent by day" figures={daily} file="spent">
      <BarChart
        label="Spent by day: $ 130 at most"
        series={categories}
        bars={spent}
        nameSteps={[1, 7, 14]}
        openAt={26}
        format={money}
      />
    </ChartCard>
    <div className="grid gap-6 md:grid-cols-2">
      <ChartCard title="When people write" figures={weekly} file="hours">
        <HeatMap
          label="Received by hour and day: most on Saturday at 14:00"
          rows={days}
          hourName={hour => `${hour}:00`}
          none="Nobody wrote."
          most={value => `${value} an hour`}
        />
      </ChartCard>
      <ChartCard title="Response times" figures={waited} file="responses">
        <ShareBars label="First response" bars={answers} />
      </ChartCard>
    </div>
    <Forecast
      label="2,128 of 2,500 dollars are spent; 2,300 to 2,470 are expected; the alert is at 2,000"
      spent={2128}
      expected={[2300, 2470]}
      alertAt={2000}
      end={2500}
    />
  </div>
);
