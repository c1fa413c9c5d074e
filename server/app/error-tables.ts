// All error tables, for the OpenAPI document and the error reference.
import { commonErrors, type ErrorTable } from '../kit/errors.ts';
import { features } from './features.ts';

/** By section of `docs/reference/errors.md`. */
export const errorSections: Record<string, ErrorTable> = { 'Any route': commonErrors };
for (const { errors } of features)
  if (errors) errorSections[errors.section] = typeof errors.table === 'function' ? await errors.table() : errors.table;

export const errorTables = Object.values(errorSections);
