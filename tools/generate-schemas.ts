// Writes the JSON Schemas under docs/: of countersign.yaml, for editors, and of records and verdicts, for auditors.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { RecordDocument } from '../src/server/record-document.ts';
import { VerdictDocument } from '../src/server/verdict-document.ts';

const schemas = {
  'countersign.schema.json': configJsonSchema(),
  'security-review.v1.schema.json': z.toJSONSchema(RecordDocument),
  'review-verdict.v1.schema.json': z.toJSONSchema(VerdictDocument),
};
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
