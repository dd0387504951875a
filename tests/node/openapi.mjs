// Holds OpenAPI documents of ours against a validator that is not ours, which is first shown broken ones.
//   openapi.mjs DOCUMENT…
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';

const paths = process.argv.slice(2);
let failures = 0;

function check(name, holds, detail = '') {
  console.log(`${holds ? 'ok' : 'not ok'} - ${name}${holds || !detail ? '' : `: ${detail}`}`);
  if (!holds) ++failures;
}

// What is wrong with a document, as text; empty where nothing is. References are followed, too.
async function faultsOf(document) {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  if (!valid) return JSON.stringify(errors).slice(0, 2000);
  try {
    validator.resolveRefs();
  } catch (error) {
    return error.message;
  }
  return validator.version === '3.1' ? '' : `it is of version ${validator.version}`;
}

const operations = (document) => Object.values(document.paths).flatMap((item) => Object.values(item));

const broken = {
  'no version': (document) => { delete document.openapi; },
  'an operation without responses that are any': (document) => { operations(document)[0].responses = []; },
  'a response without a description': (document) => { delete operations(document)[0].responses['200'].description; },
  'a parameter in nowhere': (document) => { operations(document)[0].parameters = [{ name: 'a', in: 'nowhere', schema: {} }]; },
  'a security scheme of no type': (document) => { delete document.components.securitySchemes.apiKey.type; },
  'a dangling reference': (document) => { operations(document)[0].responses.default = { $ref: '#/components/responses/None' }; },
};

check('there is a document', paths.length > 0);
for (const path of paths) {
  const document = JSON.parse(readFileSync(path, 'utf8'));
  check(`${path} has operations`, operations(document).length > 0);
  const faults = await faultsOf(document);
  check(`${path} is OpenAPI 3.1`, faults === '', faults);
  for (const [name, breakIt] of Object.entries(broken)) {
    const copy = structuredClone(document);
    breakIt(copy);
    check(`the validator refuses ${name}`, (await faultsOf(copy)) !== '');
  }
  const ids = operations(document).map(({ operationId }) => operationId);
  check(`${path} names each operation once`, new Set(ids).size === ids.length);
}
process.exitCode = failures === 0 ? 0 : 1;
