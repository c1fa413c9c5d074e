// Which value each placeholder of a message takes, and what stands there where a person has none.
import type { CampaignVariable } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Input, Select } from '../../../components/field.tsx';
import { Table } from '../../../components/surfaces.tsx';
import { fieldsQuery } from '../../../data/contact-fields.ts';
import type { KeptColumn } from '../sources.ts';
import { type Problem, useProblemWords } from './problems.ts';

type Variables = Readonly<Record<string, CampaignVariable>>;

interface Props {
  names: readonly string[];
  /** The label of a placeholder, where its name is made. */
  labels: Readonly<Record<string, string>>;
  variables: Variables;
  /** The columns of the chosen files. */
  columns: readonly KeptColumn[];
  problems: readonly Problem[];
  onChange: (variables: Variables) => void;
}

export function VariablesTable({ names, labels, variables, columns, problems, onChange }: Props) {
  const { t } = useTranslation();
  if (names.length === 0) return null;
  return (
    <div className="-mx-4 md:-mx-5">
      <Table label={t('campaigns.variables')} bare short>
        <thead>
          <tr>
            <th scope="col">{t('campaigns.variable')}</th>
            <th scope="col">{t('campaigns.takes')}</th>
            <th scope="col">{t('campaigns.ifEmpty')}</th>
          </tr>
        </thead>
        <tbody>
          {names.map(name => (
            <VariableRow
              key={name}
              name={labels[name] ?? name}
              variable={variables[name]}
              columns={columns}
              problem={problems.find(({ field }) => field.endsWith(`.variables.${name}`))}
              onChange={variable => onChange({ ...variables, [name]: variable })}
            />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

const builtIns = ['first_name', 'name', 'phone', 'reference', 'language', 'account_name', 'today'] as const;
/** These are never empty. */
const alwaysThere = new Set(['account_name', 'today']);

interface RowProps {
  name: string;
  variable: CampaignVariable | undefined;
  columns: readonly KeptColumn[];
  problem: Problem | undefined;
  onChange: (variable: CampaignVariable) => void;
}

function VariableRow({ name, variable, columns, problem, onChange }: RowProps) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const fields = useQuery(fieldsQuery).data ?? [];
  // A constant without a text is none yet, but its field is there.
  const [isConstant, setConstant] = useState(variable?.from === 'constant');
  const chosen = isConstant ? 'constant:' : variable ? `${variable.from}:${variable.value}` : '';
  const fallback = variable?.fallback ?? '';
  const choose = (choice: string) => {
    const from = choice.slice(0, choice.indexOf(':'));
    const value = choice.slice(from.length + 1);
    setConstant(from === 'constant');
    if (from === 'constant') onChange({ from, value: '' });
    if (from === 'built_in' || from === 'field' || from === 'column') onChange({ from, value, fallback });
  };
  const lost =
    variable?.from === 'column' && !columns.some(({ key }) => key === variable.value)
      ? [{ key: variable.value, name: variable.value }]
      : [];
  const offered = [...columns, ...lost];
  const hasFallback = variable !== undefined && !isConstant && !alwaysThere.has(variable.value);
  return (
    <tr>
      <td className="align-top md:py-2!">
        <code className="rounded-badge bg-accent-soft px-1.5 py-0.5 text-12 text-accent-text">{name}</code>
      </td>
      <td className="small-full w-1/2 md:py-2!">
        <span className="grid gap-2">
          <Select
            aria-label={t('campaigns.takesOf', { name })}
            aria-invalid={problem ? true : undefined}
            value={chosen}
            onChange={({ target }) => choose(target.value)}
          >
            <option value="" disabled>
              {t('campaigns.chooseValue')}
            </option>
            <optgroup label={t('campaigns.builtIns')}>
              {builtIns.map(each => (
                <option key={each} value={`built_in:${each}`}>
                  {t(`campaigns.builtIn.${each}`)}
                </option>
              ))}
            </optgroup>
            {fields.length > 0 && (
              <optgroup label={t('campaigns.fields')}>
                {fields.map(field => (
                  <option key={field.key} value={`field:${field.key}`}>
                    {field.name}
                  </option>
                ))}
              </optgroup>
            )}
            {offered.length > 0 && (
              <optgroup label={t('campaigns.columns')}>
                {offered.map(column => (
                  <option key={column.key} value={`column:${column.key}`}>
                    {column.name}
                  </option>
                ))}
              </optgroup>
            )}
            <option value="constant:">{t('campaigns.constant')}</option>
          </Select>
          {isConstant && (
            <Input
              aria-label={t('campaigns.constantOf', { name })}
              maxLength={1_000}
              value={variable?.value ?? ''}
              onChange={({ target }) => onChange({ from: 'constant', value: target.value })}
            />
          )}
          {problem && (
            <span role="alert" className="text-13 whitespace-normal text-danger">
              {lost.length > 0 ? t('campaigns.lacks.column', { name }) : words(problem)}
            </span>
          )}
        </span>
      </td>
      <td className="small-full align-top md:py-2!">
        {hasFallback && (
          <Input
            aria-label={t('campaigns.fallbackOf', { name })}
            placeholder={t('campaigns.leaveOut')}
            maxLength={1_000}
            value={fallback}
            onChange={({ target }) => onChange({ ...variable, fallback: target.value })}
          />
        )}
      </td>
    </tr>
  );
}
