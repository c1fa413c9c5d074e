// Imports: a file of many rows from the upload to the end of the run, and the same with three kills.
import { importSchema } from '@recado/contract';
import { pause } from '../../tests/faults/processes.ts';
import { cpuBetween } from '../cpu.ts';
import { openEnvironment, type RecadoContestant } from '../environment.ts';
import { residentOf } from '../resident.ts';
import { aim, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

/** The most rows of a file. */
const mostRows = 500_000;
const kills = [0.25, 0.5, 0.75];
const lookEveryMs = 250;

/** A file with each kind of column; each tenth row is of somebody who is known. */
function fileOf(rows: number): string {
  const lines = ['phone,name,reference,shop,points,labels,opt out'];
  for (let n = 0; n < rows; n++)
    lines.push(
      `+55119${80_000_000 + n},"Person ${n} of ${n % 97}",crm-${n},${n % 2 ? 'Chiado' : 'Almada'},${n % 1_000},"label ${n % 7}, label ${n % 11}",${n % 50 === 0 ? 'yes' : ''}`,
    );
  return lines.join('\n');
}

interface Measured {
  uploadS: number;
  checkS: number;
  runS: number;
  /** The processor time of the process and of PostgreSQL while it ran, as far as no process was killed. */
  cpuS: number;
  /** The most that the process had while the import ran, in MB. */
  mostMb: number;
  /** A hash of what the contacts are, without their ids and times. */
  hash: string;
  created: number;
  updated: number;
}

export async function importPart(order: Order): Promise<Section> {
  const rows = Math.min(order.rows, mostRows);
  const file = fileOf(rows);
  const environment = await openEnvironment();
  try {
    const measured: Measured[] = [];
    for (const killed of [false, true]) {
      const recado = await environment.startRecado({ name: killed ? 'recado_killed' : 'recado_alone', accounts: 1 });
      await prepare(recado, rows);
      measured.push(await take(recado, file, killed, order.tell));
      await recado.actor.signal('SIGTERM');
    }
    const [alone, killed] = measured as [Measured, Measured];
    return {
      title: `import: ${written(rows)} contacts`,
      how: `A CSV file of ${written(rows)} rows with number, name, reference, two fields, two labels each and an opt-out in 50; each tenth number is known. One process (api and worker), durable PostgreSQL beside it. The second time the process is killed when a quarter, a half and three quarters of the rows are done, and started again.`,
      table: [
        ['', 'upload s', 'check s', 'run s', 'most MB', 'created', 'updated'],
        ...[['in one go', alone] as const, [`killed ${kills.length} times`, killed] as const].map(
          ([words, { uploadS, checkS, runS, mostMb, created, updated }]) => [
            words,
            ...[uploadS, checkS, runS, mostMb, created, updated].map(written),
          ],
        ),
      ],
      notes: [
        aim('from run to finished', alone.runS, 90, 'at most', ' s'),
        `Of it ${written(alone.cpuS)} s of the processors, of the process and of PostgreSQL.`,
        aim('memory of the process', alone.mostMb, 250, 'at most', ' MB'),
        alone.hash === killed.hash
          ? 'Contacts, numbers, fields, labels and opt-outs are the same after both.'
          : 'Contacts, numbers, fields, labels and opt-outs DIFFER: a kill lost or doubled something.',
      ],
    };
  } finally {
    await environment.close();
  }
}

/** Fields, and the contacts that are known. */
async function prepare({ client, sql }: RecadoContestant, rows: number): Promise<void> {
  for (const body of [
    { key: 'shop', name: 'Shop', type: 'choice', choices: ['Chiado', 'Almada'] },
    { key: 'points', name: 'Points', type: 'number' },
  ])
    await client.call('POST', '/api/v1/contact-fields', body);
  await sql(
    `with made as (insert into contact (id, workspace_id, name)
        select gen_random_uuid(), w.id, 'Known ' || n from workspace w, generate_series(0, $1::int - 1, 10) n returning id, workspace_id, name)
      insert into contact_address (workspace_id, kind, value, contact_id)
        select workspace_id, 'phone', '+55119' || 80000000 + substr(name, 7)::int, id from made`,
    [rows],
  );
  await sql('analyze');
}

async function take(recado: RecadoContestant, file: string, killed: boolean, tell: Order['tell']): Promise<Measured> {
  const form = new FormData();
  form.append('file', new Blob([file], { type: 'text/csv' }), 'contacts.csv');
  const began = performance.now();
  const headers = { authorization: `Bearer ${await recado.token()}` };
  const answer = await fetch(`${recado.url}/api/v1/imports`, { method: 'POST', headers, body: form });
  if (answer.status !== 201) throw new Error(`the file was answered with ${answer.status} ${await answer.text()}`);
  const { id } = importSchema.parse(await answer.json());
  const uploadS = (performance.now() - began) / 1_000;
  const path = `/api/v1/imports/${id}`;
  let mostMb = residentOf(recado.actor.pid);
  tell(`import: ${written(mostMb)} MB after the upload`);
  const look = async () => {
    await pause(lookEveryMs);
    mostMb = Math.max(mostMb, residentOf(recado.actor.pid));
    return importSchema.parse((await recado.client.call('GET', path)).body);
  };
  const checkBegan = performance.now();
  const change = { columns: [{ column: 7, target: 'opt_out' }], if_known: 'replace' };
  const changed = await recado.client.call('PATCH', path, change);
  if (changed.status !== 200) throw new Error(`the columns were answered with ${changed.status}`);
  while ((await look()).state !== 'ready');
  const checkS = (performance.now() - checkBegan) / 1_000;
  tell(`import: uploaded in ${written(uploadS)} s, checked in ${written(checkS)} s, ${written(mostMb)} MB at most`);
  const runBegan = performance.now();
  const cpuBegan = await recado.cpu();
  await recado.client.call('POST', `${path}/run`);
  const left = killed ? [...kills] : [];
  for (;;) {
    const { state, progress, error, counts } = await look();
    if (state === 'finished') {
      const runS = (performance.now() - runBegan) / 1_000;
      const cpuS = cpuBetween(cpuBegan, await recado.cpu()) / 1_000;
      tell(`import: ran in ${written(runS)} s, ${written(cpuS)} s of processors, ${written(mostMb)} MB at most`);
      return {
        uploadS,
        checkS,
        runS,
        cpuS,
        mostMb,
        hash: await hashOf(recado),
        created: counts.created,
        updated: counts.updated,
      };
    }
    if (state !== 'running') throw new Error(`the import is ${state}: ${JSON.stringify(error)}`);
    const [next] = left;
    if (next === undefined || !progress || progress.done < progress.of * next) continue;
    left.shift();
    tell(`import: killed with ${progress.done} of ${progress.of} rows done`);
    await recado.killAndRestart();
  }
}

async function hashOf({ sql }: RecadoContestant): Promise<string> {
  const [row] = await sql<{ hash: string }>(`select md5(string_agg(line, chr(10) order by line)) as hash from (
    select concat_ws('|', (select string_agg(x.value, ',' order by x.value) from contact_address x where x.contact_id = c.id),
      c.name, c.reference, c.language, c.fields, c.import_id is null,
      (select string_agg(l.name, ',' order by l.name) from contact_label x join label l on l.id = x.label_id where x.contact_id = c.id),
      (select string_agg(concat_ws(' ', o.category, o.source), ',' order by o.category) from opt_out o where o.contact_id = c.id)) as line
    from contact c where c.deleted_at is null) x`);
  return row?.hash ?? '';
}
