// Fills the workspace with demo data, and leads to the inbox.

import { Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, type ButtonKind } from '../../components/button.tsx';
import { useDemo } from './use-demo.ts';

/** Not offered where there is demo data already, or to who may not make it. */
export function DemoButton({ kind = 'quiet' }: { kind?: ButtonKind }) {
  const { t } = useTranslation();
  const { canFill, fill, isFilling } = useDemo();
  if (!canFill) return null;
  return (
    <Button kind={kind} icon={Sparkles} busy={isFilling} onClick={fill}>
      {t('firstRun.demo.fill')}
    </Button>
  );
}
