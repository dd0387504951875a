// Holds the golden reports against validators that are not ours: JSON against our schema with ajv,
// SARIF against GitHub's ingestion rules with sarif-multitool, CTRF against its schema with ajv. Each
// validator is first shown a broken report, which it must refuse.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const golden = join(root, 'tests/unit/render/golden');
const data = process.env.RELEASE_GATE_TEST_DATA ?? '';
let failures = 0;

function check(name, holds, detail = '') {
  console.log(`${holds ? 'ok' : 'not ok'} - ${name}${holds || !detail ? '' : `: ${detail}`}`);
  if (!holds) ++failures;
}

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const goldens = (extension) => readdirSync(golden).filter((file) => file.endsWith(extension)).sort();

function validatorOf(path) {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  const validate = ajv.compile(read(path));
  return (document) => (validate(document) ? '' : ajv.errorsText(validate.errors));
}

function checkJson() {
  const faults = validatorOf(join(root, 'schemas/release-gate/report.schema.json'));
  const files = goldens('.json');
  check('there are JSON reports', files.length > 0);
  for (const file of files) {
    const found = faults(read(join(golden, file)));
    check(`${file} obeys report.schema.json`, found === '', found);
  }
  const broken = {
    'another version': (report) => { report.report_version = 2; },
    'a verdict that is none': (report) => { report.verdict = 'green'; },
    'a scalar of its own': (report) => { report.verdit = 'passed'; },
    'no tally': (report) => { delete report.tally; },
    'a finding with a member too many': (report) => { report.findings[0].level = 'error'; },
    'an undecided finding without a reason': (report) => { report.findings[0].kind = 'undecided'; },
    'a line 0': (report) => { report.findings[0].location.line = 0; },
  };
  for (const [name, breakIt] of Object.entries(broken)) {
    const report = read(join(golden, 'ordinary.json'));
    breakIt(report);
    check(`report.schema.json refuses ${name}`, faults(report) !== '');
  }
}

function checkCtrf() {
  const schema = join(data, 'test-reports/ctrf/schema/ctrf.schema.json');
  if (!existsSync(schema)) {
    console.log('skipped - the CTRF schema is not in RELEASE_GATE_TEST_DATA');
    if (process.env.CI === 'true') ++failures;
    return;
  }
  const faults = validatorOf(schema);
  for (const file of goldens('.ctrf')) {
    const report = read(join(golden, file));
    check(`${file} obeys the CTRF schema`, faults(report) === '', faults(report));
    report.results.tests[0].status = 'flaky';
    check(`the CTRF schema refuses ${file} with an unknown status`, faults(report) !== '');
  }
}

// The errors that sarif-multitool reports on the files of a folder, by file.
function sarifErrors(folder) {
  const require = createRequire(import.meta.url);
  const tool = require('@microsoft/sarif-multitool');
  chmodSync(tool, 0o755);
  const output = join(folder, 'result.out');
  const environment = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', DOTNET_BUNDLE_EXTRACT_BASE_DIR: folder };
  const run = spawnSync(tool, ['validate', join(folder, '*.sarif'), '--rule-kind', 'Sarif;Ghas', '-o', output, '--log', 'ForceOverwrite'],
    { env: environment, encoding: 'utf8' });
  if (!existsSync(output)) throw new Error(`sarif-multitool wrote no result: ${run.error ?? run.stdout + run.stderr}`);
  const [log] = read(output).runs;
  const notices = log.invocations?.flatMap((one) => one.toolExecutionNotifications ?? []) ?? [];
  return [...(log.results ?? []), ...notices].filter((result) => result.level === 'error').map((result) => ({
    file: result.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '',
    text: `${result.ruleId ?? ''} ${result.message.text ?? JSON.stringify(result.message)}`,
  }));
}

function checkSarif() {
  const folder = mkdtempSync(join(tmpdir(), 'release-gate-sarif-'));
  try {
    const files = goldens('.sarif');
    check('there are SARIF reports', files.length > 0);
    for (const file of files) copyFileSync(join(golden, file), join(folder, file));
    const broken = read(join(golden, 'ordinary.sarif'));
    delete broken.runs[0].results[0].message;
    writeFileSync(join(folder, 'broken.sarif'), JSON.stringify(broken));
    const errors = sarifErrors(folder);
    check('sarif-multitool refuses a result without a message', errors.some((error) => error.file.endsWith('broken.sarif')));
    for (const file of files) {
      const found = errors.filter((error) => error.file.endsWith(`/${file}`) || error.file === file);
      check(`${file} passes Sarif and Ghas`, found.length === 0, found.map((error) => error.text).join('; '));
    }
    const stray = errors.filter((error) => error.file === '');
    check('sarif-multitool has no error of its own', stray.length === 0, stray.map((error) => error.text).join('; '));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

checkJson();
checkCtrf();
checkSarif();
if (failures > 0) console.log(`failed: ${failures}`);
process.exit(failures > 0 ? 1 : 0);
