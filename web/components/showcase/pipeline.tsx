import { statuses } from '@recado/contract';
import { Gauge, Progress } from '../gauge.tsx';
import { type Counts, Mini, Strip, StripOne } from '../strip.tsx';
import { Card } from '../surfaces.tsx';
import { StatusWord } from '../tick.tsx';

const day: Counts = {
  waiting: 412,
  sending: 6,
  sent: 6753,
  delivered: 6618,
  read: 5094,
  left: 16,
  unknown: 3,
  failed: 71,
};
const nothing: Counts = { waiting: 0, sending: 0, sent: 0, delivered: 0, read: 0, left: 0, unknown: 0, failed: 0 };
const held: Counts = { ...nothing, waiting: 4620, sending: 6, sent: 168, delivered: 150, read: 44 };
const sub = {
  waiting: 'oldest 3 min 12 s',
  sending: '41 a minute',
  sent: '93.0% of all',
  delivered: '98.0% of sent',
  read: '75.4% of sent',
  left: '14 cancelled, 2 expired',
  unknown: 'oldest 12 min',
  failed: '1.0%, most 131026, not reachable',
};

export const Statuses = () => (
  <div className="grid gap-4">
    <div className="flex flex-wrap gap-x-6 gap-y-3">
      {statuses.map(status => (
        <StatusWord key={status} status={status} className="w-28" />
      ))}
    </div>
    <div className="flex flex-wrap gap-4">
      {(['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown'] as const).map(status => (
        <Mini key={status} status={status} />
      ))}
    </div>
  </div>
);

export const Strips = () => (
  <div className="grid gap-6">
    <Card className="p-5">
      <Strip counts={day} label="Today" sub={sub} />
    </Card>
    <div className="grid gap-x-12 gap-y-6 md:grid-cols-2">
      <Strip small counts={day} label="Today" />
      <Strip small counts={nothing} label="Nothing" />
      <Strip small counts={held} label="Held" />
    </div>
    <Card className="p-5">
      <StripOne
        label="One message"
        moments={[
          { stage: 'waiting', text: '14:42:00.118', sub: 'accepted' },
          { stage: 'sending', text: '+0.412 s', sub: 'attempt 1 of 4' },
          { stage: 'sent', text: 'not yet', rest: true },
          { stage: 'delivered', text: 'not yet', rest: true },
          { stage: 'read', text: 'not yet', rest: true },
        ]}
      />
    </Card>
  </div>
);

export const Gauges = () => (
  <div className="grid gap-x-8 gap-y-5 md:grid-cols-2">
    <Gauge label="Messages today" used={412} limit={1000} />
    <Gauge label="Messages today" used={1802} limit={2000} />
    <Gauge label="Messages today" used={1000} limit={1000} />
    <Gauge label="Messages today" used={41} limit={null} />
    <Progress share={0.62} label="Upload" />
  </div>
);
