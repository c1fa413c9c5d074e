// The rules of a team: how it gives out, what becomes of what people have who go offline, and what comes to it.
import type { Team } from '@recado/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../../components/choose.tsx';
import { Affix, Check, Input, Radio, Switch } from '../../components/field.tsx';
import { Card, CardBody, CardHead, Setting } from '../../components/surfaces.tsx';
import { useAccounts } from '../../data/accounts.ts';
import { useFormat } from '../../kit/format.ts';
import { type Draft, most } from './draft.ts';

interface Props {
  draft: Draft;
  wrong: ReadonlySet<string>;
  onChange: (part: Partial<Draft>) => void;
}

const modes = ['manual', 'round_robin', 'balanced'] as const satisfies Team['mode'][];

export function RulesCard({ hasHours, draft, wrong, onChange }: Props & { hasHours: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const rangeOf = (name: keyof typeof most) => t('teams.range', { most: number(most[name]) });
  return (
    <Card>
      <CardHead title={t('teams.how')} />
      <CardBody>
        <Setting title={t('teams.modeTitle')} hint={t(`teams.modeWords.${draft.mode}`)}>
          <Segments
            label={t('teams.modeTitle')}
            value={draft.mode}
            options={modes.map(value => ({ value, label: t(`teams.mode.${value}`) }))}
            onChange={mode => onChange({ mode })}
          />
        </Setting>
        <Setting title={t('teams.sticky')} hint={t('teams.stickyWords')}>
          <Switch
            hidden
            label={t('teams.sticky')}
            checked={draft.sticky}
            onChange={({ target }) => onChange({ sticky: target.checked })}
          />
        </Setting>
        <Setting
          title={t('teams.capacityOfTeam')}
          hint={t('teams.capacityOfTeamWords')}
          error={wrong.has('capacity') ? rangeOf('capacity') : undefined}
        >
          <NumberField
            label={t('teams.capacityOfTeam')}
            after={t('teams.openAfter')}
            value={draft.capacity}
            isWrong={wrong.has('capacity')}
            onChange={capacity => onChange({ capacity })}
          />
        </Setting>
        <Setting
          title={t('teams.reassign')}
          hint={t(hasHours ? 'teams.reassignInHours' : 'teams.reassignWords')}
          error={wrong.has('reassign') ? rangeOf('reassign') : undefined}
        >
          <NumberField
            label={t('teams.reassign')}
            after={t('teams.minutesAfter')}
            value={draft.reassign}
            isWrong={wrong.has('reassign')}
            onChange={reassign => onChange({ reassign })}
          />
        </Setting>
      </CardBody>
    </Card>
  );
}

interface NumberProps {
  label: string;
  after: string;
  value: string;
  isWrong: boolean;
  onChange: (value: string) => void;
}

const NumberField = ({ label, after, value, isWrong, onChange }: NumberProps) => (
  <Affix after={after} className="w-30">
    <Input
      inputMode="numeric"
      aria-label={label}
      aria-invalid={isWrong || undefined}
      className="num"
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  </Affix>
);

export function OfflineCard({ draft, wrong, onChange }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const choice = (policy: Team['offline_policy'], words: ReactNode) => (
    <Radio
      name="offline"
      className="min-w-0 flex-1"
      checked={draft.policy === policy}
      onChange={() => onChange({ policy })}
      label={words}
    />
  );
  const row =
    'flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-border py-2.5 first:pt-0 last:border-0 last:pb-0';
  return (
    <Card>
      <CardHead title={t('teams.offline')} />
      <CardBody>
        <ul>
          <li className={row}>
            {choice(
              'keep',
              <>
                {t('teams.policy.keep')}
                <span className="block text-13 text-muted">{t('teams.policy.keepWords')}</span>
              </>,
            )}
          </li>
          <li className={row}>
            {choice(
              'grace',
              <>
                {t('teams.policy.grace')}
                <span className="block text-13 text-muted">{t('teams.policy.graceWords')}</span>
              </>,
            )}
            <NumberField
              label={t('teams.graceTime')}
              after={t('teams.minutesAfter')}
              value={draft.grace}
              isWrong={wrong.has('grace')}
              onChange={grace => onChange({ grace, policy: 'grace' })}
            />
          </li>
          <li className={row}>{choice('to_team', t('teams.policy.to_team'))}</li>
        </ul>
        {wrong.has('grace') && (
          <p role="alert" className="pt-2 text-13 text-danger">
            {t('teams.range', { most: number(most.grace) })}
          </p>
        )}
      </CardBody>
    </Card>
  );
}

export function AccountsCard({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const { t } = useTranslation();
  const accounts = useAccounts();
  return (
    <Card>
      <CardHead title={t('teams.accounts')} />
      <CardBody className="grid gap-3">
        <p className="text-13 text-muted">{t('teams.accountsWords')}</p>
        {accounts.map(({ id, name }) => (
          <Check
            key={id}
            label={<bdi>{name}</bdi>}
            checked={draft.accounts.includes(id)}
            onChange={({ target }) =>
              onChange({
                accounts: target.checked ? [...draft.accounts, id] : draft.accounts.filter(each => each !== id),
              })
            }
          />
        ))}
      </CardBody>
    </Card>
  );
}
