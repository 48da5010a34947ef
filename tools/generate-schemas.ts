// Writes under docs/ what is made from the code: the JSON Schemas of countersign.yaml, for editors, and of records and
// verdicts, for auditors, the references of the configuration and of templates, and the table of all checks of a set-up.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { variables } from '../src/config/variables.ts';
import { RecordDocument } from '../src/server/record-document.ts';
import { VerdictDocument } from '../src/server/verdict-document.ts';
import { configurationPage } from './configuration-page.ts';
import { withDoctorTable } from './doctor-section.ts';
import { templatesPage } from './templates-page.ts';

const schemas = {
  'countersign.schema.json': configJsonSchema(),
  'security-review.v1.schema.json': z.toJSONSchema(RecordDocument),
  'review-verdict.v1.schema.json': z.toJSONSchema(VerdictDocument),
};
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
writeFileSync(
  new URL('../docs/configuration.md', import.meta.url),
  `${configurationPage(configJsonSchema(), variables)}\n`,
);
writeFileSync(new URL('../docs/templates.md', import.meta.url), `${templatesPage()}\n`);

const setUp = new URL('../docs/set-up.md', import.meta.url);
writeFileSync(setUp, withDoctorTable(readFileSync(setUp, 'utf8')));
