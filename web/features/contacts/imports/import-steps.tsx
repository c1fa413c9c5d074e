import { useTranslation } from 'react-i18next';
import { Steps } from '../../../components/steps.tsx';

const names = ['file', 'columns', 'check', 'import'] as const;
export type ImportStep = (typeof names)[number];

/** The steps of an import. `now`: the current one; undefined once the import is over. */
export function ImportSteps({ now }: { now: ImportStep | undefined }) {
  const { t } = useTranslation();
  const at = now === undefined ? names.length : names.indexOf(now);
  return <Steps steps={names.map(name => t(`imports.step.${name}`))} at={at + 1} />;
}
