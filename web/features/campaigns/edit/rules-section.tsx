// A few people first, when Recado holds the campaign by itself, and how much a person may get.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Affix, Check, Field, Input, Select, Switch } from '../../../components/field.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { costSettingsQuery } from '../../../data/cost.ts';
import { useMay } from '../../../data/me.ts';
import type { Draft } from './draft.ts';
import type { SectionProps } from './message-section.tsx';
import { NumberField } from './number-field.tsx';

type Props = Pick<SectionProps, 'draft' | 'set'>;
type Waves = NonNullable<Draft['waves']>;

const usualWaves: Waves = { sizes: [50, 500], receipts: 80, wait_minutes: 15 };
const most = 1_000_000;

export function RulesSection({ draft, set }: Props) {
  const { t } = useTranslation();
  const { waves } = draft;
  return (
    <Card>
      <CardHead title={`4 · ${t('campaigns.section.rules')}`}>
        <Switch
          label={t('campaigns.wavesFirst')}
          checked={waves !== null}
          onChange={({ target }) => set({ waves: target.checked ? usualWaves : null })}
        />
      </CardHead>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-5">
        {waves && <WaveFields waves={waves} onChange={next => set({ waves: next })} />}
        <StopRules draft={draft} set={set} />
      </CardBody>
    </Card>
  );
}

function WaveFields({ waves, onChange }: { waves: Waves; onChange: (waves: Waves) => void }) {
  const { t } = useTranslation();
  const setSize = (place: number, size: number | null) => {
    const sizes = waves.sizes.flatMap((each, at) => (at === place ? (size === null ? [] : [size]) : [each]));
    const isNew = place >= waves.sizes.length && size !== null;
    if (sizes.length > 0 || isNew) onChange({ ...waves, sizes: isNew ? [...sizes, size] : sizes });
  };
  return (
    <div className="grid gap-4 md:grid-cols-4">
      <NumberField
        label={t('campaigns.firstWave')}
        value={waves.sizes[0] ?? null}
        min={1}
        max={most}
        after={t('campaigns.peopleUnit')}
        onChange={value => setSize(0, value)}
      />
      <NumberField
        label={t('campaigns.secondWave')}
        value={waves.sizes[1] ?? null}
        min={1}
        max={most}
        empty={t('campaigns.none')}
        after={t('campaigns.peopleUnit')}
        onChange={value => setSize(1, value)}
      />
      <NumberField
        label={t('campaigns.receipts')}
        value={waves.receipts}
        min={0}
        max={100}
        after="%"
        onChange={value => onChange({ ...waves, receipts: value })}
      />
      <NumberField
        label={t('campaigns.waitMinutes')}
        value={waves.wait_minutes}
        min={1}
        max={1_440}
        after={t('campaigns.minutesUnit')}
        onChange={value => onChange({ ...waves, wait_minutes: value })}
      />
    </div>
  );
}

const rules = ['failed', 'not_on_whatsapp', 'spared', 'opted_out'] as const;
const usualLimits: Record<(typeof rules)[number], number> = {
  failed: 5,
  not_on_whatsapp: 15,
  spared: 30,
  opted_out: 2,
};

/** What the API takes as a cap. */
const capForm = /^(?=.*[1-9])\d{1,10}(\.\d{1,6})?$/;

function StopRules({ draft: { stop_rules: limits }, set }: Props) {
  const { t } = useTranslation();
  const mayRead = useMay('cost.read');
  const currency = useQuery({ ...costSettingsQuery, enabled: mayRead }).data?.currency;
  const [cap, setCap] = useState(limits.spent ?? '');
  const isCapWrong = cap.trim() !== '' && !capForm.test(cap.trim());
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-13 text-muted">{t('campaigns.holdIf')}</legend>
      {rules.map(rule => (
        <div key={rule} className="flex min-h-11 items-center justify-between gap-4 border-b border-border py-1.5">
          <Check
            className="flex-1"
            label={t(`campaigns.ruleWords.${rule}`)}
            checked={limits[rule] !== null}
            onChange={({ target }) =>
              set({ stop_rules: { ...limits, [rule]: target.checked ? usualLimits[rule] : null } })
            }
          />
          {limits[rule] !== null && (
            <div className="w-24 [&_label]:sr-only">
              <NumberField
                label={t('campaigns.limitOf', { rule: t(`campaigns.rule.${rule}`) })}
                value={limits[rule]}
                min={0}
                max={100}
                after="%"
                onChange={value => set({ stop_rules: { ...limits, [rule]: value } })}
              />
            </div>
          )}
        </div>
      ))}
      <div className="flex min-h-11 items-center justify-between gap-4 border-b border-border py-1.5">
        <span>{t('campaigns.costSpent')}</span>
        <Field
          label={t('campaigns.costLimitSpent')}
          isLabelHidden
          error={isCapWrong && t('error.unexpected')}
          className="w-40"
        >
          <Affix after={currency ?? ''}>
            <Input
              inputMode="decimal"
              placeholder={t('campaigns.costOfWorkspaceCap')}
              value={cap}
              onChange={({ target }) => {
                setCap(target.value);
                const typed = target.value.trim();
                if (typed === '' || capForm.test(typed))
                  set({ stop_rules: { ...limits, spent: typed === '' ? null : typed } });
              }}
            />
          </Affix>
        </Field>
      </div>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-4 py-1.5">
        <span>{t('campaigns.qualityFalls')}</span>
        <Select
          aria-label={t('campaigns.qualityFalls')}
          className="w-auto!"
          value={limits.quality ?? 'yellow'}
          onChange={({ target }) =>
            set({ stop_rules: { ...limits, quality: target.value === 'red' ? 'red' : 'yellow' } })
          }
        >
          <option value="yellow">{t('campaigns.qualityTo.yellow')}</option>
          <option value="red">{t('campaigns.qualityTo.red')}</option>
        </Select>
      </div>
      <p className="text-13 text-muted">{t('campaigns.always')}</p>
    </fieldset>
  );
}

const caps = ['day', 'week', 'month', 'unanswered'] as const;

export function LimitsSection({ draft, set }: Props) {
  const { t } = useTranslation();
  return (
    <Card>
      <CardHead title={`5 · ${t('campaigns.section.limits')}`} />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <div className="grid gap-4 md:grid-cols-3">
          <NumberField
            label={t('campaigns.rate')}
            value={draft.rate_per_minute}
            min={1}
            max={60_000}
            empty={t('campaigns.asFast')}
            after={t('campaigns.perMinute')}
            onChange={value => set({ rate_per_minute: value })}
          />
          <NumberField
            label={t('campaigns.dailyShare')}
            hint={t('campaigns.dailyShareHint')}
            value={draft.daily_share}
            min={1}
            max={100}
            after="%"
            onChange={value => value !== null && set({ daily_share: value })}
          />
          <NumberField
            label={t('campaigns.replyHours')}
            hint={t('campaigns.replyHoursHint')}
            value={draft.reply_hours}
            min={1}
            max={720}
            after={t('campaigns.hoursUnit')}
            onChange={value => value !== null && set({ reply_hours: value })}
          />
        </div>
        <fieldset className="grid gap-3">
          <legend className="text-13 font-medium">{t('campaigns.caps')}</legend>
          <p className="text-13 text-muted">{t('campaigns.capsHint')}</p>
          <div className="grid grid-cols-2 gap-4 lg:grid-cols-4">
            {caps.map(cap => (
              <NumberField
                key={cap}
                label={t(`campaigns.cap.${cap}`)}
                value={draft.caps[cap]}
                min={1}
                max={100}
                empty={t('campaigns.none')}
                after=""
                onChange={value => set({ caps: { ...draft.caps, [cap]: value } })}
              />
            ))}
          </div>
        </fieldset>
      </CardBody>
    </Card>
  );
}
