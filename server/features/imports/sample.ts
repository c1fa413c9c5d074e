// A sample file to fill in: the columns of contacts, and those for the variables of a template.
import { csvLine, importSampleQuery, problemSchema } from '@recado/contract';
import { z } from 'zod';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { sampleValues } from '../templates/index.ts';

const people = [
  { phone: '+12025550123', name: 'Bruno Reis', language: 'pt_BR' },
  { phone: '+12025550124', name: 'Carla Mota', language: 'en' },
];

export function sampleRoute(app: Server, { db }: { db: ScopedDatabase }): void {
  app.get(
    '/api/v1/imports/sample',
    {
      config: { permission: 'contacts.import' },
      exposeHeadRoute: false,
      schema: {
        tags: ['Imports'],
        operationId: 'getImportSample',
        summary: 'Get a sample file to fill in',
        description: 'With two example rows. Each variable of the template is a column.',
        produces: ['text/csv'],
        querystring: importSampleQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { template_id: template } = request.query;
      const values =
        template === undefined ? [] : await sampleValues(db.within(caller), caller.workspaceId, toUuid(template));
      const lines = [
        ['phone', 'name', 'language', ...values.map(({ variable }) => variable)],
        // Each is quoted by the writer, so that no spreadsheet takes a number for one.
        ...people.map(person => [person.phone, person.name, person.language, ...values.map(({ sample }) => sample)]),
      ];
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', 'attachment; filename="sample.csv"')
        .send(`\ufeff${lines.map(cells => csvLine(cells)).join('')}` as never);
    },
  );
}
