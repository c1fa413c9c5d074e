import { ListX, MoreVertical, Pause, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../button.tsx';
import { Chip, Chips, Segments } from '../choose.tsx';
import { Affix, Area, Check, Field, Input, Radio, Select, Switch } from '../field.tsx';

const periods = ['Today', '7 days', '28 days'] as const;
type Period = (typeof periods)[number];

export const Buttons = () => (
  <div className="flex flex-wrap items-center gap-4">
    <Button kind="primary">Send</Button>
    <Button kind="primary" busy>
      Sending
    </Button>
    <Button kind="primary" impossible="The window is closed.">
      Send
    </Button>
    <Button kind="line" icon={Pause}>
      Pause
    </Button>
    <Button>Cancel</Button>
    <Button kind="danger" icon={ListX}>
      Clear
    </Button>
    <Button kind="danger-solid">Delete</Button>
    <Button kind="line" size="small" icon={RotateCcw}>
      Send again
    </Button>
    <IconButton icon={MoreVertical} label="More" />
  </div>
);

export const Fields = () => (
  <div className="grid gap-x-8 gap-y-4 md:grid-cols-3">
    <Field label="Name" hint="Only your team sees it.">
      <Input placeholder="Farol Porto" />
    </Field>
    <Field label="Phone" error="Too short for a number of Brazil: 6 digits, needs 10 or 11.">
      <Input defaultValue="+55 11 9876" />
    </Field>
    <Field label="Phone number id" ok="+351 22 000 0166">
      <Input defaultValue="104857200391846" />
    </Field>
    <Field label="Not possible">
      <Input disabled defaultValue="Cloud API" />
    </Field>
    <Field label="Time zone">
      <Select>
        <option>America/Sao_Paulo</option>
      </Select>
    </Field>
    <Field label="Rate limit">
      <Affix after="a minute">
        <Input defaultValue="20" />
      </Affix>
    </Field>
    <Field label="Note">
      <Area defaultValue="She prefers the Chiado shop." />
    </Field>
    <div className="flex flex-wrap content-start gap-4">
      <Check label="Chosen" defaultChecked />
      <Check label="Not" />
      <Check label="Not possible" disabled />
      <Radio label="One" name="one" defaultChecked />
      <Radio label="Other" name="one" />
      <Switch label="On" defaultChecked />
      <Switch label="Off" />
    </div>
  </div>
);

export function Choosing() {
  const [period, setPeriod] = useState<Period>('Today');
  const [pressed, setPressed] = useState(true);
  return (
    <div className="grid justify-items-start gap-4">
      <Chips label="Filters">
        <Chip pressed={pressed} count="71" onClick={() => setPressed(!pressed)}>
          All
        </Chip>
        <Chip pressed={false} count="50">
          Failed
        </Chip>
        <Chip pressed removable>
          Account is Farol Lisboa
        </Chip>
      </Chips>
      <Segments
        label="Period"
        value={period}
        options={periods.map(value => ({ value, label: value }))}
        onChange={setPeriod}
      />
    </div>
  );
}
