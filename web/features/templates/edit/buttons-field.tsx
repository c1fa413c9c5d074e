// The buttons of a template, in their order.
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { Input } from '../../../components/field.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { type ButtonKind, buttonFields, buttonKinds, type DraftButton, withoutLabel } from './draft.ts';
import { lengths } from './rules.ts';
import type { DraftState } from './use-draft.ts';

const mostButtons = 10;

export function ButtonsField({ state, readOnly }: { state: DraftState; readOnly: boolean }) {
  const { t } = useTranslation();
  const { draft, set, setButton } = state;
  const { buttons } = draft;
  const add = (kind: ButtonKind) => {
    const key = Math.max(-1, ...buttons.map(each => each.key)) + 1;
    set({ buttons: [...buttons, { key, kind, text: '', value: '', example: '', rest: {} }] });
  };
  const move = (at: number, step: number) => {
    const next = [...buttons];
    const [moved] = next.splice(at, 1);
    if (moved) next.splice(at + step, 0, moved);
    set({ buttons: next });
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-13 font-medium">{t('templates.buttons')}</legend>
      {buttons.map((button, at) => (
        <div key={button.key} className="grid gap-2 rounded-control border border-border p-2.5">
          <div className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 flex-1 text-13 text-muted">{t(`templates.button.${button.kind}`)}</span>
            {!readOnly && (
              <>
                {at > 0 && (
                  <IconButton icon={ArrowUp} size="small" label={t('templates.up')} onClick={() => move(at, -1)} />
                )}
                {at < buttons.length - 1 && (
                  <IconButton icon={ArrowDown} size="small" label={t('templates.down')} onClick={() => move(at, 1)} />
                )}
                <IconButton
                  icon={X}
                  size="small"
                  label={t('templates.removeButton', { name: button.text || t(`templates.button.${button.kind}`) })}
                  onClick={() => set({ buttons: buttons.filter(({ key }) => key !== button.key) })}
                />
              </>
            )}
          </div>
          <ButtonInputs button={button} readOnly={readOnly} onChange={change => setButton(button.key, change)} />
        </div>
      ))}
      {!readOnly && buttons.length < mostButtons && (
        <div>
          <Menu
            label={t('templates.addButton')}
            trigger={
              <Button kind="line" size="small" icon={Plus}>
                {t('templates.addButton')}
              </Button>
            }
          >
            {buttonKinds.map(kind => (
              <MenuItem key={kind} onSelect={() => add(kind)}>
                {t(`templates.button.${kind}`)}
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
    </fieldset>
  );
}

interface InputsProps {
  button: DraftButton;
  readOnly: boolean;
  onChange: (change: Partial<DraftButton>) => void;
}

function ButtonInputs({ button: { kind, text, value, example }, readOnly, onChange }: InputsProps) {
  const { t } = useTranslation();
  const field = buttonFields[kind];
  const hasEnd = kind === 'URL' && value.includes('{{');
  return (
    <div className="flex flex-wrap gap-2">
      {!withoutLabel.has(kind) && (
        <Input
          aria-label={t('templates.label')}
          placeholder={t('templates.label')}
          readOnly={readOnly}
          maxLength={lengths.button}
          value={text}
          onChange={({ target }) => onChange({ text: target.value })}
          className="flex-[1_1_140px]!"
        />
      )}
      {field && (
        <Input
          aria-label={t(`templates.field.${field}`)}
          placeholder={t(`templates.placeholder.${field}`)}
          readOnly={readOnly}
          dir="ltr"
          value={value}
          onChange={({ target }) => onChange({ value: target.value })}
          className="flex-[2_1_200px]! font-mono text-13"
        />
      )}
      {hasEnd && (
        <Input
          aria-label={t('templates.endOfLink')}
          placeholder={t('templates.endOfLink')}
          readOnly={readOnly}
          dir="ltr"
          value={example}
          onChange={({ target }) => onChange({ example: target.value })}
          className="flex-[1_1_120px]! text-13"
        />
      )}
    </div>
  );
}
