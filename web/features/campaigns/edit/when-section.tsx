// When it sends: now, at a time, or at the time of each person, within hours and days.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Chip, Chips, Segments } from '../../../components/choose.tsx';
import { Field, Input, Select, Switch } from '../../../components/field.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { fieldsQuery } from '../../../data/contact-fields.ts';
import type { Draft, DraftFault } from './draft.ts';
import type { SectionProps } from './message-section.tsx';
import { problemsAt, useProblemWords } from './problems.ts';

const startKinds = ['now', 'at', 'local'] as const;
const policies = ['ask', 'start', 'skip'] as const;
const days = [1, 2, 3, 4, 5, 6, 7] as const;

export function WhenSection({ draft, set, problems, faults }: SectionProps & { faults: readonly DraftFault[] }) {
  const { t } = useTranslation();
  return (
    <Card>
      <CardHead title={`3 · ${t('campaigns.section.when')}`}>
        <div className="max-md:basis-full">
          <Segments
            label={t('campaigns.section.when')}
            value={draft.startKind}
            options={startKinds.map(value => ({ value, label: t(`campaigns.startKind.${value}`) }))}
            onChange={startKind => set({ startKind })}
          />
        </div>
      </CardHead>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {draft.startKind !== 'now' && (
          <div className="grid gap-4 md:grid-cols-2">
            <TimeField draft={draft} set={set} faults={faults} />
            <Field label={t('campaigns.missed')} hint={t('campaigns.missedHint')}>
              <Select
                value={draft.missed}
                onChange={({ target }) => set({ missed: policies.find(each => each === target.value) ?? 'ask' })}
              >
                {policies.map(each => (
                  <option key={each} value={each}>
                    {t(`campaigns.missedPolicy.${each}`)}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
        )}
        {(draft.startKind === 'local' || draft.hours !== null) && (
          <ZoneField draft={draft} set={set} problems={problems} />
        )}
        <Hours draft={draft} set={set} />
      </CardBody>
    </Card>
  );
}

type PartProps = Pick<SectionProps, 'draft' | 'set'>;

function TimeField({ draft, set, faults }: PartProps & { faults: readonly DraftFault[] }) {
  const { t } = useTranslation();
  const isLocal = draft.startKind === 'local';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Field
      label={t(isLocal ? 'campaigns.localTime' : 'campaigns.time')}
      hint={isLocal ? t('campaigns.localHint') : zone}
      error={faults.includes(isLocal ? 'local' : 'at') && t('form.missing')}
    >
      <Input
        type="datetime-local"
        value={isLocal ? draft.local : draft.at}
        onChange={({ target }) => set(isLocal ? { local: target.value } : { at: target.value })}
      />
    </Field>
  );
}

/** The field of contacts that has their time zone. */
function ZoneField({ draft, set, problems }: SectionProps) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const fields = (useQuery(fieldsQuery).data ?? []).filter(({ type }) => type === 'text' || type === 'choice');
  const [problem] = problemsAt(problems, 'start.zone_field');
  const isKnown = draft.zoneField === '' || fields.some(({ key }) => key === draft.zoneField);
  return (
    <Field label={t('campaigns.zone')} hint={t('campaigns.zoneHint')} error={problem && words(problem)}>
      <Select value={draft.zoneField} onChange={({ target }) => set({ zoneField: target.value })}>
        <option value="">{t('campaigns.zoneOfNumber')}</option>
        {!isKnown && <option value={draft.zoneField}>{draft.zoneField}</option>}
        {fields.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

const usual: NonNullable<Draft['hours']> = { from: '09:00', until: '20:00', days: [...days] };

function Hours({ draft: { hours }, set }: PartProps) {
  const { t, i18n } = useTranslation();
  const dayName = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });
  // 5 January 1970 was a Monday.
  const nameOf = (day: number) => dayName.format(new Date((day + 3) * 86_400_000));
  const chosen = hours?.days ?? [...days];
  const toggle = (day: number) => {
    if (!hours) return;
    const next = chosen.includes(day) ? chosen.filter(each => each !== day) : [...chosen, day].sort();
    // A campaign without a day would never send.
    if (next.length > 0) set({ hours: { ...hours, days: next } });
  };
  const setTime = (change: { from?: string; until?: string }) => {
    if (!hours) return;
    const next = { ...hours, ...change };
    if (next.from !== '' && next.until !== '' && next.from < next.until) set({ hours: next });
  };
  return (
    <div className="grid gap-3">
      <Switch
        label={t('campaigns.onlyHours')}
        checked={hours !== null}
        onChange={({ target }) => set({ hours: target.checked ? usual : null })}
      />
      {hours && (
        <div className="flex flex-wrap items-center gap-2 text-13 text-muted">
          <Input
            type="time"
            aria-label={t('campaigns.hourFrom')}
            className="w-28!"
            defaultValue={hours.from}
            onChange={({ target }) => setTime({ from: target.value })}
          />
          {t('campaigns.to')}
          <Input
            type="time"
            aria-label={t('campaigns.hourUntil')}
            className="w-28!"
            defaultValue={hours.until}
            onChange={({ target }) => setTime({ until: target.value })}
          />
          <Chips label={t('campaigns.days')}>
            {days.map(day => (
              <Chip key={day} pressed={chosen.includes(day)} onClick={() => toggle(day)}>
                {nameOf(day)}
              </Chip>
            ))}
          </Chips>
        </div>
      )}
    </div>
  );
}
