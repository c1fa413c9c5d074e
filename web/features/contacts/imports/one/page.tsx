// One import: its columns, its check, and what became of it. The address has the step, and the fate of the shown rows.
import type { Import } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../../../../components/page.tsx';
import { PageOfOne } from '../../../../components/page-of-one.tsx';
import { importQuery } from '../../../../data/imports.ts';
import { FileLine } from '../file-line.tsx';
import { ImportSteps } from '../import-steps.tsx';
import type { ImportSearch } from '../search.ts';
import { BeforePart } from './before-part.tsx';
import { ResultPart } from './result-part.tsx';
import { shownStep } from './step.ts';

export function ImportPage() {
  const { t } = useTranslation();
  const { importId } = useParams({ from: '/inside/contacts/import/$importId' });
  const query = useQuery(importQuery(importId));
  return (
    <PageOfOne
      query={query}
      title={t('imports.importTitle')}
      back={{ to: '/contacts/imports', label: t('imports.back') }}
      failed={t('imports.oneFailed')}
    >
      {given => <Shown key={given.id} given={given} />}
    </PageOfOne>
  );
}

function Shown({ given }: { given: Import }) {
  const { t } = useTranslation();
  const search = useSearch({ from: '/inside/contacts/import/$importId' });
  const navigate = useNavigate();
  const go = (some: ImportSearch) =>
    void navigate({
      to: '/contacts/import/$importId',
      params: { importId: given.id },
      search: { ...search, ...some },
      resetScroll: some.step !== undefined,
    });
  const step = shownStep(given, search.step);
  const example = {
    method: 'GET',
    path: `/api/v1/imports/${given.id}`,
    sdk: `const { state, counts } = await recado.imports.get('${given.id}');\nif (state === 'ready') await recado.imports.run('${given.id}');`,
  };
  const isBefore = step === 'columns' || step === 'check';
  return (
    <Page
      title={t('imports.importTitle')}
      back={{ to: '/contacts/imports', label: t('imports.back') }}
      example={example}
    >
      <ImportSteps now={step} />
      <FileLine given={given} onReread={isBefore && given.file.stored ? () => go({ step: 'columns' }) : undefined} />
      {isBefore ? (
        // Read in another way, the file has other columns: choices for the old ones mean nothing.
        <BeforePart
          key={Object.values(given.file).join()}
          given={given}
          step={step}
          onStep={next => go({ step: next })}
        />
      ) : (
        <ResultPart given={given} fate={search.fate} onFate={fate => go({ fate })} />
      )}
    </Page>
  );
}
