// Random schemas and documents of every dialect: schema-validate must say of each what ajv says and, where
// it is at hand, what the sourcemeta CLI says. A peer is not asked where it is known to be wrong (`faults`).
//   cross_check.mjs [DIALECT [SCHEMAS [SEED]]]
// RELEASE_GATE_BIN_DIR names our binaries; RELEASE_GATE_FULL=1 runs more cases. The CLI comes with
// `npm ci --prefix tests/bench/peers`.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import Ajv2019 from 'ajv/dist/2019.js';
import Ajv2020 from 'ajv/dist/2020.js';
import AjvDraft04 from 'ajv-draft-04';
import { Cases, dialects } from './random_cases.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const ours = join(process.env.RELEASE_GATE_BIN_DIR ?? join(root, 'build/release/bin'), 'schema-validate');
const cli = join(root, 'tests/bench/peers/node_modules/@sourcemeta/jsonschema/build/github-releases',
  `jsonschema-${process.platform}-${process.arch === 'x64' ? 'x86_64' : process.arch}`);
const documentsOfSchema = 12;
const toldAtMost = 10;
const [onlyDialect, schemasAsked, seed = '1'] = process.argv.slice(2);
const schemas = Number(schemasAsked ?? (process.env.RELEASE_GATE_FULL === '1' ? 1500 : 60));

const seesUnevaluated = (one) => one.unevaluatedItems !== undefined || one.unevaluatedProperties !== undefined;

// What a peer gets wrong, by the specification, so that its word is not taken: `of` tells of which schemas, and of
// which documents, as text.
const faults = [
  {
    // No element of [] is valid against a schema (draft-07 validation, 6.4.6). [] is accepted beside
    // "items": [{"minimum": 1}], or after a member whose array is valid.
    name: 'contains on an empty array says what was said before',
    peer: 'ajv',
    of: (schema, document) => document.includes('[]') && some(schema, ({ contains }) => contains !== undefined),
  },
  {
    // A $dynamicRef may be any URI reference and is an applicator among others (2020-12 core, 8.2.3.2; 2019-09
    // core, 8.2.4.2.1). It refuses one to another resource, and with {"$dynamicAnchor": "node",
    // "items": {"anyOf": [{"minimum": 10}], "$dynamicRef": "#node"}} it accepts [1].
    name: 'dynamic references are not whole',
    peer: 'ajv',
    of: (schema) => some(schema, (one) => (one.$dynamicRef ?? one.$recursiveRef) !== undefined),
  },
  {
    // A schema that fails drops its annotations (2020-12 core, 7.7.1.2), contains of 2019-09 makes none for
    // unevaluatedItems (2019-09 core, 9.3.1.3), that of 2020-12 only of the items that match (10.3.1.3).
    name: 'what a failed branch or contains saw counts as evaluated',
    peer: 'ajv',
    of: (schema) => some(schema, seesUnevaluated)
      && some(schema, (one) => ['anyOf', 'oneOf', 'not', 'if', 'contains'].some((keyword) => one[keyword] !== undefined)),
  },
  {
    // As above: [1] is not valid against {"unevaluatedItems": false, "not": {"const": {}, "$ref": "#/$defs/a"},
    // "$defs": {"a": {"unevaluatedItems": {}}}}.
    name: 'what a failed reference in "not" saw counts as evaluated',
    peer: 'sourcemeta',
    of: (schema) => some(schema, seesUnevaluated)
      && some(schema, ({ not }) => not !== undefined && some(not, ({ $ref }) => $ref !== undefined)),
  },
];

// Whether an object within `value`, or it itself, is such a one.
function some(value, isSuch) {
  if (typeof value !== 'object' || value === null) return false;
  return (!Array.isArray(value) && isSuch(value)) || Object.values(value).some((item) => some(item, isSuch));
}

const draft06 = createRequire(import.meta.url)('ajv/dist/refs/json-schema-draft-06.json');
const ajvOptions = { strict: false, validateFormats: false, logger: false };
const ajvs = {
  'draft-04': () => new AjvDraft04(ajvOptions),
  'draft-06': () => new Ajv(ajvOptions).addMetaSchema(draft06),
  'draft-07': () => new Ajv(ajvOptions),
  '2019-09': () => new Ajv2019(ajvOptions),
  '2020-12': () => new Ajv2020(ajvOptions),
};

// Until draft-07 whatever stands beside $ref is nothing; ajv evaluates it.
const refAlone = (_, value) => (typeof value?.$ref === 'string' ? { $ref: value.$ref } : value);

function runOf(program, options) {
  const run = spawnSync(program, options, { encoding: 'utf8' });
  if (run.error) throw run.error;
  return run;
}

// What ajv throws where the code it made is broken; what it refuses is an Error.
const ownBugs = [TypeError, RangeError, ReferenceError, SyntaxError];

// A verdict for each document of a case, or why there is none; a peer that crashes says nothing.
const peers = {
  ajv(dialect, { schema, documents }) {
    try {
      const validate = ajvs[dialect]().compile(JSON.parse(schema, dialect.startsWith('draft') ? refAlone : undefined));
      return { verdicts: documents.map((document) => validate(JSON.parse(document))) };
    } catch (error) {
      return ownBugs.some((bug) => error instanceof bug) ? { crashed: true } : { refused: error.message };
    }
  },

  sourcemeta(dialect, { schemaPath, documentsPath, documents }) {
    const run = runOf(cli, ['validate', '--continue', '--json', schemaPath, documentsPath]);
    const verdicts = [...run.stdout.matchAll(/^ {2}"valid": (true|false)/gm)].map(([, valid]) => valid === 'true');
    if (run.signal) return { crashed: true };
    return verdicts.length === documents.length ? { verdicts } : { refused: run.stdout + run.stderr };
  },
};

function verdictsOfOurs({ schemaPath, documentsPath, documents }) {
  const run = runOf(ours, ['--no-github', '--format', 'json', '--max-errors', '1', schemaPath, documentsPath]);
  if (run.status !== 0 && run.status !== 1) return { refused: `exit ${run.status}: ${run.stderr}${run.stdout}` };
  const { findings } = JSON.parse(run.stdout);
  const undecided = findings.find((finding) => finding.kind !== 'violation');
  if (undecided) return { refused: undecided.message };
  const invalid = new Set(findings.map(({ location }) => location.line));
  return { verdicts: documents.map((_, i) => !invalid.has(i + 1)) };
}

function available(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// What `who` says of a schema and its documents, all as text.
function ask(dialect, folder, { schema, documents }, who) {
  const one = { schema, documents, schemaPath: join(folder, 'schema.json'), documentsPath: join(folder, 'documents.jsonl') };
  writeFileSync(one.schemaPath, schema);
  writeFileSync(one.documentsPath, documents.map((document) => `${document}\n`).join(''));
  return who === 'ours' ? verdictsOfOurs(one) : peers[who](dialect, one);
}

// Every value that lacks one member, element or level of another.
function* smaller(value) {
  if (typeof value !== 'object' || value === null) return;
  const remake = (entries) => (Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries));
  const entries = Object.entries(value);
  for (const [i] of entries.entries()) yield remake(entries.filter((_, n) => n !== i));
  for (const [i, [name, item]] of entries.entries()) {
    for (const less of smaller(item)) yield remake(entries.map((entry, n) => (n === i ? [name, less] : entry)));
  }
}

// What is said of the first document, as a word.
const word = ({ verdicts, crashed, refused }) => (verdicts ? (verdicts[0] ? 'valid' : 'invalid') : crashed ? 'crashed' : `refused: ${refused.trim().split('\n')[0]}`);

// A schema and a document as small as they get while both still say the same, with what they say.
function smallest(dialect, folder, peer, schema, document) {
  const saidOf = (text, documents) => ['ours', peer].map((who) => `${who} ${word(ask(dialect, folder, { schema: text, documents }, who))}`).join(', ');
  const said = (s, d) => saidOf(JSON.stringify(s), [JSON.stringify(d)]);
  const shrunk = (value, holds) => {
    for (const less of smaller(value)) if (holds(less)) return shrunk(less, holds);
    return value;
  };
  let [s, d] = [JSON.parse(schema), JSON.parse(document)];
  const first = saidOf(schema, [document]);
  if (said(s, d) !== first) return `${schema}\n  ${document}\n  ${first}; the spelling of a number decides`;
  for (let round = 0; round < 2; ++round) {
    s = shrunk(s, (less) => less.$schema && said(less, d) === first);
    d = shrunk(d, (less) => said(s, less) === first);
  }
  return `${JSON.stringify(s)}\n  ${JSON.stringify(d)}\n  ${first}`;
}

// The documents of which a peer has a say, and of those the ones of which it says something else than ours;
// the first where one refuses the schema.
function compare(dialect, folder, one, mine, peer) {
  const parsed = JSON.parse(one.schema);
  const known = faults.filter((fault) => fault.peer === peer);
  const asked = one.documents.filter((document) => !known.some((fault) => fault.of(parsed, document)));
  if (asked.length === 0) return { asked, differ: [] };
  const theirs = ask(dialect, folder, one, peer);
  if (theirs.crashed) return { asked: [], differ: [] };
  if (mine.refused || theirs.refused) return { asked, differ: mine.refused && theirs.refused ? [] : asked.slice(0, 1) };
  const differ = (document) => mine.verdicts[one.documents.indexOf(document)] !== theirs.verdicts[one.documents.indexOf(document)];
  return { asked, differ: asked.filter(differ) };
}

function check(dialect, folder, asked) {
  const cases = new Cases(dialect, Number(seed));
  const counts = { documents: 0, valid: 0, differ: 0 };
  const told = Object.fromEntries(asked.map((peer) => [peer, 0]));
  for (let i = 0; i < schemas; ++i) {
    const one = cases.next(documentsOfSchema);
    const mine = ask(dialect, folder, one, 'ours');
    counts.documents += documentsOfSchema;
    counts.valid += (mine.verdicts ?? []).filter(Boolean).length;
    for (const peer of asked) {
      const found = compare(dialect, folder, one, mine, peer);
      told[peer] += found.asked.length;
      if (found.differ.length > 0 && ++counts.differ <= toldAtMost) {
        console.log(`${dialect}: schema ${i} of seed ${seed}, as small as it gets:\n  ${smallest(dialect, folder, peer, one.schema, found.differ[0])}`);
      }
    }
  }
  const few = counts.valid < counts.documents / 10 || counts.valid > counts.documents * 0.9;
  const holds = counts.differ === 0 && !few;
  console.log(`${holds ? 'ok' : 'not ok'} - ${dialect}: ${schemas} schemas, ${counts.documents} documents, ${counts.valid} valid; `
    + `${counts.differ} schemas differ; asked ${asked.map((peer) => `${peer} of ${told[peer]}`).join(', ')}`);
  return holds;
}

const folder = mkdtempSync(join(tmpdir(), 'release-gate-cross-check-'));
try {
  const asked = ['ajv', ...(available(cli) ? ['sourcemeta'] : [])];
  if (asked.length === 1) console.log('the sourcemeta CLI is not installed (npm ci --prefix tests/bench/peers): ajv alone is asked');
  const failed = Object.keys(dialects).filter((dialect) => (!onlyDialect || dialect === onlyDialect) && !check(dialect, folder, asked));
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
