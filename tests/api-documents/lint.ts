// Checks OpenAPI 3.1 and AsyncAPI 3 documents with Redocly's linter.
import { createConfig, lintFromString } from '@redocly/openapi-core';

/** What the linter finds, each with its rule and place; nothing where the document is right. */
export async function lint(document: object): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      'operation-tag-defined': 'error',
      'no-invalid-media-type-examples': 'error',
      'no-invalid-parameter-examples': 'error',
    },
  });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? '#/'})`);
}
