// Checks OpenAPI 3.1 and AsyncAPI 3 documents with Redocly's linter.
import { BaseResolver, createConfig, lintDocument, Source } from '@redocly/openapi-core';

const rules = {
  'operation-tag-defined': 'error',
  'no-invalid-media-type-examples': 'error',
  'no-invalid-parameter-examples': 'error',
} as const;

/** What the linter finds, each with its rule and place; nothing where the document is right. */
export async function lint(document: object): Promise<string[]> {
  const problems = await lintDocument({
    // Parsed already: it would read the text as YAML, which takes as long as all rules.
    document: { source: new Source('document.json', JSON.stringify(document)), parsed: document },
    externalRefResolver: new BaseResolver(),
    config: await createConfig({ extends: ['recommended-strict'], rules }),
  });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? '#/'})`);
}
