// Renders the golden Markdown reports with a parser that is not ours (micromark, GitHub flavoured) and
// holds the HTML to what we mean to write: no markup, link, image, comment, mention or reference out
// of the strings of a report, and every table row with its cells in place.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const golden = join(dirname(fileURLToPath(import.meta.url)), '..', 'unit', 'render', 'golden');
const allowedTags = new Set(['h2', 'h3', 'p', 'strong', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'code', 'pre',
  'blockquote', 'details', 'summary']);
const allowedAttributes = /^( align="right"| class="language-text")?$/;
const lastCell = /^(<code>[^]*<\/code>|\d[^|]*|until [^]*)$/;
let failures = 0;

function check(name, holds, detail = '') {
  console.log(`${holds ? 'ok' : 'not ok'} - ${name}${holds || !detail ? '' : `: ${detail}`}`);
  if (!holds) ++failures;
}

const decoded = (html) => html.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');

// What is wrong with a report in Markdown, one line a fault.
function faultsOf(markdown) {
  const html = micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const faults = [];
  for (const [tag, name, attributes] of html.matchAll(/<\/?([a-zA-Z!-][\w-]*)([^>]*)>/g)) {
    if (!allowedTags.has(name) || !allowedAttributes.test(attributes)) faults.push(`the tag ${tag}`);
  }
  const text = decoded(html.replace(/<pre>[^]*?<\/pre>/g, ' ').replace(/<code>[^]*?<\/code>/g, ' ').replace(/<[^>]*>/g, ' '));
  const live = { mention: /@[\w-]/, reference: /(#\d|\bGH-\d)/i, address: /(:\/\/|\bwww\.)/, emoji: /:[\w+-]+:/ };
  for (const [name, pattern] of Object.entries(live)) {
    const found = text.match(pattern);
    if (found) faults.push(`the ${name} ${text.slice(found.index, found.index + 30)}`);
  }
  for (const [, row] of html.matchAll(/<tr>([^]*?)<\/tr>/g)) {
    const cells = [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell]) => cell);
    if (cells.length > 0 && !lastCell.test(cells.at(-1))) faults.push(`the row ${row}`);
  }
  return faults;
}

check('a live mention is a fault', faultsOf('hello @octo').length === 1);
check('an image is a fault', faultsOf('![x](y)').length === 1);
check('a table border in a cell is a fault', faultsOf('| a | b |\n|---|---|\n| x | y | `z` |\n').length === 1);
const files = readdirSync(golden).filter((file) => file.endsWith('.markdown')).sort();
check('there are Markdown reports', files.length > 0);
for (const file of files) {
  const faults = faultsOf(readFileSync(join(golden, file), 'utf8'));
  check(`${file} shows its strings and obeys none of them`, faults.length === 0, faults.slice(0, 5).join('; '));
}
process.exit(failures > 0 ? 1 : 0);
