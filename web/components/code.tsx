// Code to copy.
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { Segments } from './choose.tsx';

/** Code in some languages, one shown. */
export function CodeBlock({ tabs }: { tabs: Record<string, string> }) {
  const { t } = useTranslation();
  const names = Object.keys(tabs);
  const [name = '', setName] = useState(names[0]);
  const text = tabs[name] ?? '';
  return (
    <div className="min-w-0 overflow-hidden rounded-card bg-sunken text-text">
      <div className="flex items-center justify-between gap-2 ps-2 pe-1.5 pt-1.5">
        <Segments
          label={t('api.language')}
          value={name}
          options={names.map(value => ({ value, label: value }))}
          onChange={setName}
        />
        <CopyButton text={text} />
      </div>
      <pre dir="ltr" className="px-4 pt-3 pb-3.5 text-13/5 wrap-anywhere whitespace-pre-wrap text-code">
        {text}
      </pre>
    </div>
  );
}

const saidMs = 2_000;

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), saidMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      icon={copied ? Check : Copy}
      size="small"
      label={copied ? t('action.copied') : (label ?? t('action.copy'))}
      onClick={() => void copy(text).then(() => setCopied(true))}
    />
  );
}

/** Over plain HTTP the clipboard is closed; a selected field is not. */
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** A secret or an address, with a button that copies it. */
export const CopyField = ({ text, label }: { text: string; label: string }) => (
  <span className="flex h-control min-w-0 items-center rounded-control border border-border bg-sunken ps-2.5 pe-0.5">
    <output aria-label={label} dir="ltr" className="cut flex-1 font-mono text-13">
      {text}
    </output>
    <CopyButton text={text} />
  </span>
);
