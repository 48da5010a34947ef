import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { inject } from 'vitest';
import type { Tables } from '../../src/storage/tables.ts';

/** What one execution of a statement did. */
export interface Execution {
  /** Its text, with lists of any length made the same. */
  readonly text: string;
  /** Pages that it looked at, wherever they were. */
  readonly pages: number;
  /** Rows that the busiest part of it went through, one at least. */
  readonly rows: number;
  /** Tables that it read from one end to the other. */
  readonly wholeTables: readonly string[];
}

/** What was executed in a database, as the server tells it. */
export interface Plans {
  /** What was executed since the last time, by sessions that were opened after the beginning. */
  take(): Promise<Execution[]>;
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

/** Has the server of this run explain whatever is executed in a database. */
export async function watchPlans(db: Kysely<Tables>, database: string): Promise<Plans> {
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_buffers': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': 'json',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_parameter_max_length': '0',
  };
  for (const [name, value] of Object.entries(settings)) {
    await sql.raw(`alter database ${database} set ${name} = '${value}'`).execute(db);
  }
  const path = join(inject('postgresFolder'), 'postgres', 'server.log');
  let from = (await stat(path)).size;
  return {
    async take() {
      const file = await open(path);
      const { size } = await file.stat();
      const bytes = Buffer.alloc(size - from);
      await file.read(bytes, 0, bytes.length, from);
      await file.close();
      from = size;
      return parse(bytes.toString());
    },
  };
}

function parse(log: string): Execution[] {
  // A message goes on in lines that begin with a tab.
  const found = log.matchAll(/duration: [\d.]+ ms {2}plan:\n((?:\t[^\n]*\n)+)/g);
  return [...found].map(([, lines = '']) => {
    const { 'Query Text': text, Plan: plan } = JSON.parse(lines.replaceAll(/^\t/gm, '')) as {
      'Query Text': string;
      Plan: Node;
    };
    return {
      text: text
        .replaceAll(/\$\d+/g, '$')
        .replaceAll(/\(\$(, \$)*\)(, \(\$(, \$)*\))*/g, '($)')
        .replaceAll(/\s+/g, ' '),
      pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
      rows: Math.max(1, mostRows(plan)),
      wholeTables: wholeTables(plan),
    };
  });
}

function mostRows(node: Node): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return Math.max(own, ...(node.Plans ?? []).map(mostRows));
}

function wholeTables(node: Node): string[] {
  const own = node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined ? [node['Relation Name']] : [];
  return [...own, ...(node.Plans ?? []).flatMap(wholeTables)];
}
