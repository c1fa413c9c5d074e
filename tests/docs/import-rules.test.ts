// The import rules see what they forbid: each arrow that is planted here breaks the rule that is named.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { expect, test } from 'vitest';

test.each([
  ['server/features/media/a.ts', 'server/features/messages/index.ts', 'what-other-features-may-use'],
  ['server/features/contacts/a.ts', 'server/features/messages/index.ts', 'what-contacts-may-use'],
  ['server/features/messages/a.ts', 'server/features/contacts/store.ts', 'what-messages-may-use'],
  ['server/kit/a.ts', 'server/features/media/index.ts', 'what-server-kit-may-use'],
  ['web/kit/a.ts', 'web/data/b.ts', 'what-web-kit-may-use'],
  ['web/data/a.ts', 'web/components/b.tsx', 'what-web-data-may-use'],
  ['web/components/a.tsx', 'web/data/b.ts', 'what-web-components-may-use'],
  ['web/components/message/a.tsx', 'web/features/inbox/index.ts', 'what-web-components-message-may-use'],
  ['web/features/demo/a.tsx', 'web/features/inbox/index.ts', 'what-web-features-may-use'],
  ['web/features/inbox/a.tsx', 'web/features/queue/index.ts', 'what-web-inbox-may-use'],
  ['web/features/keys/a.tsx', 'web/features/accounts/page.tsx', 'what-web-keys-may-use'],
  ['web/app/a.tsx', 'web/features/inbox/page.tsx', 'what-the-web-app-may-use-of-features'],
  ['web/other/a.ts', 'web/kit/b.ts', 'no-lawless-places-of-the-web-app'],
])('%s may not use %s', async (from, to, rule) => {
  const root = await mkdtemp(join(tmpdir(), 'recado-walls-'));
  try {
    const files: Record<string, string> = {
      [from]: `import '${'../'.repeat(from.split('/').length - 1)}${to}';\n`,
      [to]: 'export {};\n',
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const options = await extractOptions('./.dependency-cruiser.cjs');
    const { output } = await cruise([from, to], { ...options, baseDir: root, validate: true });
    const found = typeof output === 'string' ? [] : output.summary.violations.map(({ rule: { name } }) => name);
    expect(found).toEqual([rule]);
  } finally {
    await rm(root, { recursive: true });
  }
});
