// A validator in JavaScript as a command: node whole_process.mjs ajv|schemasafe SCHEMA DOCUMENT
// A document whose name ends with .jsonl is read as a stream, a line at a time. Exits 1 where one is invalid.
import { createReadStream, readFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { validatorOf } from './peers.mjs';

const [peer, schema, path] = process.argv.slice(2);
const validate = validatorOf(peer, schema);
let documents = 0;
let valid = 0;

function take(line) {
  if (line === '') return;
  ++documents;
  if (validate(JSON.parse(line))) ++valid;
}

async function takeLines() {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop();
    lines.forEach(take);
  }
  take(rest);
}

if (path.endsWith('.jsonl')) await takeLines();
else take(readFileSync(path, 'utf8'));
console.log(`${valid} of ${documents} valid`);
process.exitCode = valid === documents ? 0 : 1;
