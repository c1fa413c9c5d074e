// In the head of the overview: whose messages, of when, the figures as a file, and the wall.
import type { Account } from '@recado/client';
import { ChevronDown, Download, Monitor } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook, IconButton } from '../../components/button.tsx';
import { Segments } from '../../components/choose.tsx';
import { Field, Input } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Menu, MenuChoice } from '../../components/menu.tsx';
import { Tip } from '../../components/tip.tsx';
import { useMay } from '../../data/me.ts';
import { fileOf, type ReportRange } from '../../data/reports.ts';
import { cx } from '../../kit/class-names.ts';
import { useForm } from '../../kit/form.ts';
import { dayIn } from '../../kit/zone-days.ts';
import { AccountPicker } from '../queue/index.ts';
import { type OverviewSearch, type Period, periods } from './search.ts';
import { WallViewsDialog } from './walls/dialog.tsx';

interface Props {
  accounts: readonly Account[];
  search: OverviewSearch;
  range: ReportRange;
  by: 'hour' | 'day';
  onChange: (some: Partial<OverviewSearch>) => void;
}

export function Actions({ accounts, search, range, by, onChange }: Props) {
  const { t } = useTranslation();
  const mayManageWalls = useMay('wall_views.manage');
  const [open, setOpen] = useState<'days' | 'walls'>();
  const kind = search.period ?? 'today';
  const options = periods.map(value => ({ value, label: t(`overview.period.${value}`) }));
  const choose = (value: Period) => {
    if (value === 'custom') setOpen('days');
    else onChange({ period: value === 'today' ? undefined : value, from: undefined, until: undefined });
  };
  return (
    <>
      <AccountPicker accounts={accounts} chosen={search.account} onChoose={id => onChange({ account: id })} />
      <span className="max-md:hidden">
        <Segments label={t('overview.period.label')} value={kind} options={options} onChange={choose} />
      </span>
      <span className="md:hidden">
        <Menu
          label={t('overview.period.label')}
          trigger={
            <Button kind="line">
              {t(`overview.period.${kind}`)}
              <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />
            </Button>
          }
        >
          <MenuChoice label={t('overview.period.label')} value={kind} options={options} onChange={choose} />
        </Menu>
      </span>
      <Tip text={t('chart.csv')}>
        <a
          href={fileOf(range, by)}
          download
          aria-label={t('chart.csv')}
          className={cx(buttonLook('line'), 'w-control px-0! text-muted hover:text-text max-md:hidden')}
        >
          <Download size={17} strokeWidth={1.75} aria-hidden="true" />
        </a>
      </Tip>
      {mayManageWalls && (
        <IconButton
          kind="line"
          icon={Monitor}
          label={t('walls.open')}
          className="max-md:hidden"
          onClick={() => setOpen('walls')}
        />
      )}
      {open === 'days' && (
        <DaysDialog
          search={search}
          zone={range.zone}
          onClose={() => setOpen(undefined)}
          onChoose={(from, until) => onChange({ period: 'custom', from, until })}
        />
      )}
      {open === 'walls' && <WallViewsDialog zone={range.zone} onClose={() => setOpen(undefined)} />}
    </>
  );
}

interface DaysProps {
  search: OverviewSearch;
  zone: string;
  onClose: () => void;
  onChoose: (from: string, until: string) => void;
}

/** The first and the last day of a stretch. */
function DaysDialog({ search, zone, onClose, onChoose }: DaysProps) {
  const { t } = useTranslation();
  const today = dayIn(zone, Date.now());
  const { form, input, errors, busy } = useForm({
    start: { from: search.from ?? today, until: search.until ?? today },
    check: ({ from, until }) => ({
      ...(from === '' && { from: t('form.missing') }),
      ...(until === '' && { until: t('form.missing') }),
      ...(from > until && { until: t('overview.period.wrong') }),
    }),
    async send({ from, until }) {
      onChoose(from, until);
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('overview.period.title')}
      submit={t('overview.period.show')}
      form={form}
      busy={busy}
    >
      <div className="grid gap-4 md:grid-cols-2">
        <Field label={t('overview.period.from')} error={errors.from ?? errors.form}>
          <Input type="date" autoFocus max={today} {...input('from')} />
        </Field>
        <Field label={t('overview.period.until')} error={errors.until} hint={zone}>
          <Input type="date" max={today} {...input('until')} />
        </Field>
      </div>
    </FormDialog>
  );
}
