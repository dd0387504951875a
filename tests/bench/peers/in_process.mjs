// Documents a second of a validator in JavaScript, in process:
//   node in_process.mjs ajv|schemasafe SCHEMA EVENTS.jsonl [ROUNDS]
// prints a line for parse, evaluate, both, and often, which evaluates each document 20 times in turn:
// processor seconds of the best round for each document once, documents, how many were valid; separated by
// tabs.
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

function measure(what, items, accepts, times = 1) {
  let best = Infinity;
  let valid = 0;
  for (let round = 0; round < Number(rounds); ++round) {
    best = Math.min(best, secondsOf(() => {
      valid = 0;
      for (const item of items) if (accepts(item)) ++valid;
    }));
  }
  console.log([what, (best / times).toFixed(6), items.length, valid].join('\t'));
}

measure('evaluate', documents, validate);
measure('often', documents, (document) => {
  let accepted = 0;
  for (let n = 0; n < 20; ++n) if (validate(document)) ++accepted;
  return accepted === 20;
}, 20);
measure('parse', lines, (line) => JSON.parse(line) !== undefined);
measure('both', lines, (line) => validate(JSON.parse(line)));
