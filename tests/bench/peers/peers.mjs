// The validators written in JavaScript, by name: a function that makes a verdict of a document. Each is
// set up for speed: no error lists, and schemasafe is told that what it sees came out of JSON.parse.
import { readFileSync } from 'node:fs';
import { validator } from '@exodus/schemasafe';
import Ajv from 'ajv';

const peers = {
  ajv: (schema) => new Ajv({ strict: false, validateFormats: false }).compile(schema),
  schemasafe: (schema) => validator(schema, { mode: 'lax', isJSON: true }),
};

export function validatorOf(peer, schemaPath) {
  return peers[peer](JSON.parse(readFileSync(schemaPath, 'utf8')));
}
