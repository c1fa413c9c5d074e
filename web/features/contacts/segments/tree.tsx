// The tree of conditions: a line for each, and a sunken box for each group.
import { deepestGroup, factOps, mostConditions, type SegmentOp } from '@recado/contract';
import { Brackets, CircleAlert, Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { Segments } from '../../../components/choose.tsx';
import { Select } from '../../../components/field.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import {
  addNode,
  canGrow,
  canNest,
  conditionsIn,
  type Draft,
  type DraftCondition,
  type DraftGroup,
  depthOf,
  editNode,
  isGroup,
  newCondition,
  newGroup,
  readValue,
  withOp,
} from './draft.ts';
import { ValueInput } from './value-input.tsx';
import type { Facts } from './words.ts';

interface Props {
  draft: Draft;
  facts: Facts;
  onChange: (draft: Draft) => void;
}

export function TreeCard({ draft, facts, onChange }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const conditions = conditionsIn(draft.match).length;
  const levels = depthOf(draft.match);
  return (
    <Card>
      <CardHead title={t('segments.who')}>
        <span className="num text-13 text-muted max-md:hidden">
          {t('segments.conditionsOf', { count: conditions, most: number(mostConditions) })}
          {levels > 1 && `, ${t('segments.levelsOf', { levels: number(levels), most: number(deepestGroup) })}`}
        </span>
      </CardHead>
      <CardBody>
        <Group draft={draft} facts={facts} onChange={onChange} group={draft.match} level={1} />
        {conditions === 0 && <p className="pt-3 text-13 text-muted">{t('segments.everybody')}</p>}
      </CardBody>
    </Card>
  );
}

function Group({ draft, facts, onChange, group, level }: Props & { group: DraftGroup; level: number }) {
  const { t } = useTranslation();
  const grown = canGrow(draft);
  const first = () => newCondition('label', 'label');
  const words = (['all', 'any'] as const).map(value => ({ value, label: t(`segments.word.${value}`) }));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex flex-wrap items-center gap-2.5 text-13 text-muted md:ms-11">
        <Segments
          label={t('segments.group')}
          value={group.word}
          options={words}
          onChange={word => onChange(editNode(draft, group.key, node => (isGroup(node) ? { ...node, word } : node)))}
        />
        <span>{t(`segments.of.${group.word}`)}</span>
      </div>
      {group.nodes.map((node, place) => (
        <div
          key={node.key}
          className="grid grid-cols-[minmax(0,1fr)] gap-x-2 gap-y-1 md:grid-cols-[36px_minmax(0,1fr)]"
        >
          <span className={cx('pt-1.5 text-13 text-muted md:text-end', place === 0 && 'max-md:hidden')}>
            {place > 0 && t(`segments.join.${group.word}`)}
          </span>
          {isGroup(node) ? (
            <div className="min-w-0 rounded-card border border-border bg-sunken p-3">
              <Group draft={draft} facts={facts} onChange={onChange} group={node} level={level + 1} />
            </div>
          ) : (
            <Line
              condition={node}
              facts={facts}
              onChange={next => onChange(editNode(draft, node.key, () => next))}
              onAdd={grown ? () => onChange(addNode(draft, group.key, first())) : undefined}
            />
          )}
        </div>
      ))}
      {grown && (
        <div className="flex flex-wrap gap-2 md:ms-11">
          <Button kind="line" size="small" icon={Plus} onClick={() => onChange(addNode(draft, group.key, first()))}>
            {t('segments.addCondition')}
          </Button>
          {canNest(level) && (
            <Button size="small" icon={Brackets} onClick={() => onChange(addNode(draft, group.key, newGroup(first())))}>
              {t('segments.addGroup')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

interface LineProps {
  condition: DraftCondition;
  facts: Facts;
  /** Undefined removes it. */
  onChange: (condition: DraftCondition | undefined) => void;
  /** Enter in the value adds a line. */
  onAdd: (() => void) | undefined;
}

function Line({ condition, facts, onChange, onAdd }: LineProps) {
  const { t } = useTranslation();
  const lackId = useId();
  const kind = facts.kindOf(condition.field);
  const { lacks } = readValue(condition, kind);
  const ops: readonly SegmentOp[] = kind ? factOps[kind] : [condition.op];
  const isKnown = facts.options.some(({ value }) => value === condition.field);
  const takesValue = kind !== undefined && condition.op !== 'is_set' && condition.op !== 'not_set';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a border, and its legend would stand in it
    <div role="group" aria-label={facts.nameOf(condition.field)} className="min-w-0">
      <div className="grid grid-cols-2 items-start gap-2 md:flex">
        <Select
          aria-label={t('segments.fact')}
          className="h-control-s! text-13 md:w-48!"
          value={condition.field}
          onChange={({ target }) =>
            onChange({ ...newCondition(target.value, facts.kindOf(target.value) ?? 'text'), key: condition.key })
          }
        >
          {!isKnown && <option value={condition.field}>{facts.nameOf(condition.field)}</option>}
          {facts.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t('segments.comparison')}
          className="h-control-s! text-13 md:w-34!"
          value={condition.op}
          onChange={({ target }) => onChange(withOp(condition, target.value as SegmentOp))}
        >
          {ops.map(op => (
            <option key={op} value={op}>
              {t(`segments.ops.${op}`)}
            </option>
          ))}
        </Select>
        <div className="col-span-2 flex min-w-0 flex-1 items-start gap-2">
          {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the field in it */}
          <div
            className="min-w-0 flex-1"
            onKeyDown={event => {
              const isText =
                event.target instanceof HTMLInputElement && event.key === 'Enter' && !event.defaultPrevented;
              if (isText && lacks === undefined) onAdd?.();
            }}
          >
            {takesValue && (
              <ValueInput
                condition={condition}
                kind={kind}
                choices={facts.choicesOf(condition.field)}
                describedBy={lacks && lackId}
                invalid={lacks !== undefined && condition.values.length > 0}
                onChange={values => onChange({ ...condition, values })}
              />
            )}
          </div>
          <IconButton icon={X} size="small" label={t('segments.removeCondition')} onClick={() => onChange(undefined)} />
        </div>
      </div>
      {lacks && (
        <p id={lackId} className="flex gap-1.5 pt-1 text-13 text-danger">
          <CircleAlert size={16} strokeWidth={1.75} className="mt-0.5 flex-none" aria-hidden="true" />
          <span>{t(`segments.lack.${lacks}`)}</span>
        </p>
      )}
    </div>
  );
}
