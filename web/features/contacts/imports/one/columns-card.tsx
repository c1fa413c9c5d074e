// The columns of a file and what each becomes, with the settings that some of them need.
import type { ContactField, Import } from '@recado/client';
import { importTargets } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Check, Field, Select } from '../../../../components/field.tsx';
import { type SearchOption, SearchSelect } from '../../../../components/search-select.tsx';
import { Card, CardBody, CardFoot, CardHead } from '../../../../components/surfaces.tsx';
import { fieldsQuery } from '../../../../data/contact-fields.ts';
import { useMayEverywhere } from '../../../../data/me.ts';
import { countriesIn, findCountries } from '../../../../kit/countries.ts';
import { useFormat } from '../../../../kit/format.ts';
import { type Changes, type Settings, settingsOf, type Target, targetsOf } from '../changes.ts';
import { useColumnName } from '../words.ts';

interface Props {
  given: Import;
  changes: Changes;
  onChange: (some: Changes) => void;
  /** By the path of the API, like `columns[1].target`. */
  errors: Readonly<Record<string, string>>;
}

const none: readonly ContactField[] = [];

export function ColumnsCard({ given, changes, onChange, errors }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const columnName = useColumnName();
  const fields = useQuery(fieldsQuery).data ?? none;
  const mayConfigure = useMayEverywhere('contacts.configure');
  const settings = settingsOf(given, changes);
  const targets = targetsOf(given, changes);
  const options = useTargetOptions(fields, settings);
  const used = targets.filter(target => target !== 'leave_out').length;
  const choose = (column: number, target: Target) => onChange({ targets: { ...changes.targets, [column]: target } });
  return (
    <Card>
      <CardHead title={t('imports.columns.title')}>
        <span className="num text-13 text-muted">
          {t('imports.columns.used', { used: number(used), count: number(targets.length) })}
        </span>
      </CardHead>
      {/* No element around it scrolls: the list of targets reaches over its end. */}
      <table className="data-table short w-full border-separate border-spacing-0 text-13">
        <thead>
          <tr>
            <th scope="col">{t('imports.columns.inFile')}</th>
            <th scope="col">{t('imports.columns.values')}</th>
            <th scope="col">{t('imports.columns.inRecado')}</th>
          </tr>
        </thead>
        <tbody>
          {given.columns.map((column, index) => {
            const name = columnName(column);
            const target = targets[index] ?? 'leave_out';
            const label = t('imports.columns.becomes', { name });
            return (
              <tr key={column.column}>
                <td className="max-w-56">
                  <bdi className="cut block font-medium">{name}</bdi>
                </td>
                <td className="wide small-hidden text-muted">
                  <span className="flex items-center justify-between gap-3">
                    <bdi className="cut">{column.values.filter(value => value !== '').join(' · ')}</bdi>
                    <ArrowRight size={15} strokeWidth={1.75} className="flip flex-none text-faint" aria-hidden="true" />
                  </span>
                </td>
                <td className="small-full py-1! md:min-w-64">
                  <Field label={label} isLabelHidden error={errors[`columns[${index}].target`]}>
                    <SearchSelect
                      label={label}
                      value={target}
                      shown={options.find(({ value }) => value === target)?.label ?? target}
                      find={text => fitting(options, text)}
                      onChange={value => choose(column.column, value)}
                    />
                  </Field>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <SettingFields targets={targets} fields={fields} settings={settings} errors={errors} onChange={onChange} />
      {mayConfigure && (
        <CardFoot className="text-13 text-muted">
          {t('imports.columns.noField')}{' '}
          <Link to="/settings/fields" className="link font-medium">
            {t('imports.columns.makeField')}
          </Link>
        </CardFoot>
      )}
    </Card>
  );
}

const fitting = (options: readonly SearchOption[], text: string) => {
  const wanted = text.trim().toLowerCase();
  return options.filter(({ label }) => label.toLowerCase().includes(wanted));
};

function useTargetOptions(fields: readonly ContactField[], settings: Settings): SearchOption[] {
  const { t, i18n } = useTranslation();
  const country = countriesIn(i18n.language).find(({ code }) => code === settings.default_country);
  const phone = country
    ? t('imports.columns.target.phoneOf', { country: country.name, code: country.callingCode })
    : t('imports.columns.target.phone');
  const words = (target: (typeof importTargets)[number]) =>
    target === 'phone' ? phone : t(`imports.columns.target.${target}`);
  const own = fields.map(({ key, name }) => ({
    value: `fields.${key}`,
    label: t('imports.columns.target.field', { name }),
  }));
  const [last, ...first] = [...importTargets].reverse().map(target => ({ value: target, label: words(target) }));
  return [...first.reverse(), ...own, ...(last ? [last] : [])];
}

interface SettingsProps extends Pick<Props, 'errors' | 'onChange'> {
  targets: readonly Target[];
  fields: readonly ContactField[];
  settings: Settings;
}

const orders = ['ymd', 'dmy', 'mdy'] as const;

/** The settings that the chosen targets need. */
function SettingFields({ targets, fields, settings, errors, onChange }: SettingsProps) {
  const { t } = useTranslation();
  const hasDates = fields.some(({ key, type }) => type === 'date' && targets.includes(`fields.${key}`));
  const has = (target: Target) => targets.includes(target);
  if (!has('phone') && !hasDates && !has('labels') && !has('opt_out')) return null;
  return (
    <CardBody className="grid gap-4 border-t border-border pt-4 md:grid-cols-2">
      {has('phone') && (
        <CountryField
          value={settings.default_country}
          error={errors.default_country}
          onChange={default_country => onChange({ default_country })}
        />
      )}
      {has('phone') && (
        <Check
          label={t('imports.columns.haveCodes')}
          checked={settings.numbers_have_country_code}
          onChange={({ target }) => onChange({ numbers_have_country_code: target.checked })}
        />
      )}
      {hasDates && (
        <Field label={t('imports.columns.dates')} error={errors.dates}>
          <Select
            value={settings.dates}
            onChange={({ target }) => {
              const dates = orders.find(order => order === target.value);
              if (dates) onChange({ dates });
            }}
          >
            {orders.map(order => (
              <option key={order} value={order}>
                {t(`imports.columns.${order}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {has('opt_out') && (
        <Field label={t('imports.columns.optOut')} error={errors.opt_out_category}>
          <Select
            value={settings.opt_out_category}
            onChange={({ target }) => onChange({ opt_out_category: target.value === 'all' ? 'all' : 'marketing' })}
          >
            <option value="marketing">{t('imports.columns.marketing')}</option>
            <option value="all">{t('imports.columns.all')}</option>
          </Select>
        </Field>
      )}
      {has('labels') && (
        <Check
          label={t('imports.columns.createLabels')}
          checked={settings.create_labels}
          onChange={({ target }) => onChange({ create_labels: target.checked })}
        />
      )}
    </CardBody>
  );
}

interface CountryProps {
  value: string | null;
  error: string | undefined;
  onChange: (code: string | null) => void;
}

function CountryField({ value, error, onChange }: CountryProps) {
  const { t, i18n } = useTranslation();
  const countries = countriesIn(i18n.language);
  const chosen = countries.find(({ code }) => code === value);
  const nothing = { value: '', label: t('imports.columns.noCountry') };
  const find = (text: string) => [
    ...(text === '' ? [nothing] : []),
    ...findCountries(countries, text).map(({ code, name, callingCode }) => ({
      value: code,
      label: name,
      detail: callingCode,
    })),
  ];
  return (
    <Field label={t('imports.columns.country')} error={error}>
      <SearchSelect
        label={t('imports.columns.country')}
        value={value ?? ''}
        shown={chosen ? `${chosen.name} ${chosen.callingCode}` : nothing.label}
        find={find}
        onChange={code => onChange(code === '' ? null : code)}
      />
    </Field>
  );
}
