// Facts, comparisons and values in words.
import type { Segment } from '@recado/client';
import {
  type FactKind,
  kindOfField,
  opsWithoutValue,
  type SegmentCondition,
  type SegmentFact,
  type SegmentGroup,
  segmentFacts,
} from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccounts } from '../../../data/accounts.ts';
import { fieldsQuery } from '../../../data/contact-fields.ts';
import { labelsQuery } from '../../../data/labels.ts';
import { useFormat } from '../../../kit/format.ts';
import { useLanguageName } from '../contact/languages.ts';
import { countries } from './countries.ts';
import { conditionAt, isDays, tellingPath } from './draft.ts';

export interface Option {
  value: string;
  label: string;
}

export interface Facts {
  /** All facts, the own fields at the end. */
  options: readonly Option[];
  kindOf: (field: string) => FactKind | undefined;
  nameOf: (field: string) => string;
  /** The values to choose from; undefined where they are typed. */
  choicesOf: (field: string) => readonly Option[] | undefined;
}

const isFact = (field: string): field is SegmentFact => Object.hasOwn(segmentFacts, field);
const facts = Object.keys(segmentFacts) as SegmentFact[];

/** Languages that people often have. Others are typed by programs. */
const languages = 'ar de en es fr hi id it ja ko nl pl pt pt_BR pt_PT ru tr uk ur vi zh'.split(' ');

/** The facts that there are, with the workspace's own fields, labels and accounts. */
export function useFacts(): Facts {
  const { t, i18n } = useTranslation();
  const languageName = useLanguageName();
  const fields = useQuery(fieldsQuery).data;
  const labels = useQuery(labelsQuery()).data;
  const accounts = useAccounts();
  const places = useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: 'region' });
    return countries
      .map(value => ({ value, label: names.of(value) ?? value }))
      .sort((a, b) => a.label.localeCompare(b.label, i18n.language));
  }, [i18n.language]);
  const fieldOf = (name: string) => fields?.find(({ key }) => `field:${key}` === name);
  const labelsOn = (on: 'contact' | 'conversation') =>
    (labels ?? []).filter(label => label.on === on).map(({ id, name }) => ({ value: id, label: name }));
  const yesNo = [
    { value: 'true', label: t('fields.yes') },
    { value: 'false', label: t('fields.no') },
  ];
  const kindOf = (name: string): FactKind | undefined => {
    if (isFact(name)) return segmentFacts[name];
    const type = fieldOf(name)?.type;
    return type && kindOfField(type);
  };
  const choicesOf = (name: string): readonly Option[] | undefined => {
    switch (kindOf(name)) {
      case 'label':
        return labelsOn(name === 'label' ? 'contact' : 'conversation');
      case 'account':
        return accounts.map(account => ({ value: account.id, label: account.name }));
      case 'country':
        return places;
      case 'language':
        return languages.map(value => ({ value, label: languageName(value) }));
      case 'choice':
        return (fieldOf(name)?.choices ?? []).map(value => ({ value, label: value }));
      case 'yes_no':
      case 'flag':
        return yesNo;
      case 'opt_out':
        return (['marketing', 'all'] as const).map(value => ({ value, label: t(`segments.optOut.${value}`) }));
      default:
        return undefined;
    }
  };
  return {
    options: [
      ...facts.map(value => ({ value, label: t(`segments.facts.${value}`) })),
      ...(fields ?? []).map(({ key, name }) => ({ value: `field:${key}`, label: name })),
    ],
    kindOf,
    nameOf: name => (isFact(name) ? t(`segments.facts.${name}`) : (fieldOf(name)?.name ?? t('segments.unknownFact'))),
    choicesOf,
  };
}

/** Says a condition as a sentence: "Favourite shop is Chiado". */
function useConditionWords({ kindOf, nameOf, choicesOf }: Facts): (condition: SegmentCondition) => string {
  const { t } = useTranslation();
  const { date, day, names } = useFormat();
  const inWords = (field: string, value: string) => {
    const choice = choicesOf(field)?.find(each => each.value === value);
    if (choice) return choice.label;
    const kind = kindOf(field);
    if (kind === 'date') return date(value);
    if (kind === 'moment' || kind === 'last') return day(value);
    return /^(lbl|acc)_/.test(value) ? t('segments.gone') : value;
  };
  return ({ field, op, value }) => {
    const start = `${nameOf(field)} ${t(`segments.ops.${op}`)}`;
    if (opsWithoutValue.has(op)) return start;
    if (isDays(op)) return `${start} ${t('segments.daysCount', { count: Number(value) })}`;
    const values = (Array.isArray(value) ? value : [value]).map(each => inWords(field, String(each)));
    return `${start} ${names(values)}`;
  };
}

/** Of the true conditions of somebody the most telling one, in words. */
export function useReason(facts: Facts, match: SegmentGroup | undefined): (because: readonly string[]) => string {
  const words = useConditionWords(facts);
  return because => {
    const path = tellingPath(because);
    const condition = path && match ? conditionAt(match, path) : undefined;
    return condition ? words(condition) : '';
  };
}

/** How many people it had, in words. */
export function useSavedWords(): (segment: Segment) => string {
  const { t } = useTranslation();
  const { number } = useFormat();
  return ({ kind, members, saved_count: saved }) => {
    const count = kind === 'list' ? members : saved;
    if (count === null) return t('segments.many');
    return kind === 'list' ? number(count) : t('segments.atSave', { count: number(count) });
  };
}
