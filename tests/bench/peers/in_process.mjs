// Documents a second of a validator in JavaScript, in process:
//   node in_process.mjs ajv|schemasafe SCHEMA EVENTS.jsonl [ROUNDS]
// prints a line for parse, evaluate and both: processor seconds of the best round, documents, how many
// were valid; separated by tabs.
import { readFileSync } from 'node:fs';
import { validatorOf } from './peers.mjs';

const [peer, schema, events, rounds = '5'] = process.argv.slice(2);
const validate = validatorOf(peer, schema);
const lines = readFileSync(events, 'utf8').split('\n').filter((line) => line !== '');
const documents = lines.map((line) => JSON.parse(line));

// Seconds of this thread and of those that compile and collect garbage for it.
function secondsOf(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function measure(what, items, accepts) {
  let best = Infinity;
  let valid = 0;
  for (let round = 0; round < Number(rounds); ++round) {
    best = Math.min(best, secondsOf(() => {
      valid = 0;
      for (const item of items) if (accepts(item)) ++valid;
    }));
  }
  console.log([what, best.toFixed(6), items.length, valid].join('\t'));
}

measure('evaluate', documents, validate);
measure('parse', lines, (line) => JSON.parse(line) !== undefined);
measure('both', lines, (line) => validate(JSON.parse(line)));
