// Random schemas of a dialect and random documents, the same for the same seed. They are written as text,
// so that a number keeps its spelling. Nothing recurses without end: a reference in place leads only to a
// definition made before, one below a member or element to any.

export const dialects = {
  'draft-04': { level: 4, uri: 'http://json-schema.org/draft-04/schema#' },
  'draft-06': { level: 6, uri: 'http://json-schema.org/draft-06/schema#' },
  'draft-07': { level: 7, uri: 'http://json-schema.org/draft-07/schema#' },
  '2019-09': { level: 2019, uri: 'https://json-schema.org/draft/2019-09/schema' },
  '2020-12': { level: 2020, uri: 'https://json-schema.org/draft/2020-12/schema' },
};

const types = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];
const names = ['a', 'b', 'c', 'd'];
const texts = ['', 'a', 'ab', 'b1', 'aba', '1', 'é', '💩', 'a\u0000b', 'a\nb', 'Z'];
const numbers = ['-3', '-1', '0', '0.5', '1', '1.5', '2', '2.25', '3', '5', '10'];
const respelled = ['1.0', '1e1', '-0.0', '20e-1']; // integers from draft-06 on
const patterns = ['^[ab]+$', 'a1|b', '^.$', '^\\p{L}*$', '\\d', '^(?!a)', '^\\S{2,}$'];
const dynamicTargets = ['#node', 'other.json#node', 'root.json#node', 'root.json#here'];
const definitionNames = ['d0', 'd/1~ é%', 'd2', 'd3'];
const definitionCount = definitionNames.length;

const object = (members) => `{${[...members].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
// Those that are not equal to one before: an enumeration of draft-04 may not repeat itself.
function distinct(documents) {
  const sorted = (_, value) => (value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value);
  return [...new Map(documents.map((text) => [JSON.stringify(JSON.parse(text), sorted), text])).values()];
}
const pointerToken = (name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
const array = (elements) => `[${elements.join(',')}]`;

// The keywords, each with the dialects that have it, and what makes its members: of `g`, the cases, and
// `down` and `same`, which make a subschema below the instance and one in place.
const keywords = [
  { make: (g) => ({ type: g.text(types) }) },
  { make: (g) => ({ type: array(g.some(types).map((type) => JSON.stringify(type))) }) },
  { make: (g) => ({ enum: array(distinct([g.document(1), g.document(1), g.document(2)])) }) },
  { from: 6, make: (g) => ({ const: g.document(g.below(3)) }) },
  { make: (g) => ({ minimum: g.number() }) },
  { make: (g) => ({ maximum: g.number() }) },
  { to: 4, make: (g) => ({ minimum: g.number(), exclusiveMinimum: g.pick(['true', 'false']) }) },
  { to: 4, make: (g) => ({ maximum: g.number(), exclusiveMaximum: g.pick(['true', 'false']) }) },
  { from: 6, make: (g) => ({ exclusiveMinimum: g.number() }) },
  { from: 6, make: (g) => ({ exclusiveMaximum: g.number() }) },
  { make: (g) => ({ multipleOf: g.pick(['1', '2', '3', '0.5', '2.50', '1e0']) }) },
  { make: (g) => ({ [g.pick(['minLength', 'maxLength'])]: `${g.below(4)}` }) },
  { make: (g) => ({ pattern: g.text(patterns) }) },
  { make: (g, down) => ({ properties: object([['a', down()], ['b', down()]]) }) },
  { make: (g, down) => ({ properties: object([[g.pick(names), down()]]), additionalProperties: down() }) },
  { make: (g) => ({ required: array(g.some(names).map((name) => JSON.stringify(name))) }) },
  { make: (g, down) => ({ patternProperties: object([['^[bc]$', down()]]) }) },
  { make: (g, down) => ({ additionalProperties: down() }) },
  { from: 6, make: (g) => ({ propertyNames: g.pick(['{"pattern":"^[abc]$"}', '{"maxLength":0}', '{"enum":["a","d"]}', 'true']) }) },
  { make: (g) => ({ [g.pick(['minProperties', 'maxProperties'])]: `${g.below(4)}` }) },
  { to: 7, make: (g, down, same) => ({ dependencies: object([['a', '["b"]'], ['c', same()]]) }) },
  { from: 2019, make: (g, down, same) => ({ dependentSchemas: object(new Map([[g.pick(names), same()], ['c', same()]].slice(g.below(2)))) }) },
  { from: 2019, make: (g) => ({ dependentRequired: object([['a', '["b"]'], ['d', '[]']]) }) },
  { make: (g, down) => ({ items: down() }) },
  { to: 2019, make: (g, down) => ({ items: array([down(), down()]) }) },
  { to: 2019, make: (g, down) => ({ items: array([down()]), additionalItems: down() }) },
  { from: 2020, make: (g, down) => ({ prefixItems: array([down(), down()].slice(g.below(2))) }) },
  { from: 2020, make: (g, down) => ({ prefixItems: array([down()]), items: down() }) },
  { from: 6, make: (g, down) => ({ contains: down() }) },
  { from: 2019, make: (g, down) => ({ contains: down(), [g.pick(['minContains', 'maxContains'])]: `${g.below(3)}` }) },
  { from: 2019, make: (g, down) => ({ contains: down(), minContains: `${g.below(3)}`, maxContains: `${g.below(3)}` }) },
  { make: (g) => ({ [g.pick(['minItems', 'maxItems'])]: `${g.below(4)}` }) },
  { make: () => ({ uniqueItems: 'true' }) },
  { make: (g, down, same) => ({ allOf: array([same(), same()].slice(g.below(2))) }) },
  { make: (g, down, same) => ({ anyOf: array([same(), same()]) }) },
  { make: (g, down, same) => ({ oneOf: array([same(), same(), same()].slice(g.below(2))) }) },
  { make: (g, down, same) => ({ not: same() }) },
  { from: 7, make: (g, down, same) => ({ if: same(), then: same(), else: same() }) },
  { from: 7, make: (g, down, same) => ({ if: same(), [g.pick(['then', 'else'])]: same() }) },
  { from: 2019, weight: 3, make: (g, down) => ({ unevaluatedProperties: g.pick([() => 'false', down])() }) },
  { from: 2019, weight: 3, make: (g, down) => ({ unevaluatedItems: g.pick([() => 'false', down])() }) },
];

// The cases of a dialect. A schema has four definitions: the third has an anchor, the fourth is a resource
// of its own with a definition `inner`. Half of the schemas are simple: no unevaluated*, no dynamic references; peers are
// surer of those.
export class Cases {
  constructor(dialect, seed) {
    Object.assign(this, dialects[dialect]);
    this.state = seed >>> 0;
    this.definitions = this.level < 2019 ? 'definitions' : '$defs';
    this.id = this.level < 6 ? 'id' : '$id';
    this.numbers = this.level < 6 ? numbers : [...numbers, ...respelled];
    this.every = keywords.filter(({ from = 0, to = Infinity }) => from <= this.level && this.level <= to)
      .flatMap((keyword) => Array(keyword.weight ?? 1).fill(keyword));
    this.simple = this.every.filter(({ weight }) => weight === undefined);
  }

  // mulberry32
  below(n) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }

  pick(values) { return values[this.below(values.length)]; }
  text(values) { return JSON.stringify(this.pick(values)); }
  some(values) { return [...new Set([this.pick(values), this.pick(values)])]; }
  number() { return this.pick(this.numbers); }

  // A document of at most `depth` levels; objects and arrays more often than the rest.
  document(depth) {
    const kind = this.below(depth > 0 ? 10 : 4);
    if (kind === 0) return this.pick(['null', 'true', 'false']);
    if (kind < 2) return this.number();
    if (kind < 4) return this.text(texts);
    if (kind < 6) return array(Array.from({ length: this.below(4) }, () => this.document(depth - 1)));
    return object(new Map(Array.from({ length: this.below(5) }, () => [this.pick(names), this.document(depth - 1)])));
  }

  // What `place` may refer to. A place knows whether it is in the embedded resource, and there in its own
  // definition, how many definitions lie before it, and whether it is below the instance that its definition
  // began with.
  references({ embedded, inner, before, below }) {
    const limit = below ? definitionCount : before;
    const root = embedded ? 'root.json' : '';
    const found = definitionNames.slice(0, limit).map((name) => `${root}#/${this.definitions}/${pointerToken(name)}`);
    if (limit > 2) found.push(`${root}#here`);
    if (limit > 3) found.push('other.json', `other.json#/${this.definitions}/inner`);
    if (embedded && (below || !inner)) found.push(`#/${this.definitions}/inner`);
    if (below) found.push('#', 'root.json');
    return found;
  }

  reference(place) {
    const dynamic = place.below && !this.isSimple;
    if (dynamic && this.level === 2020 && this.below(3) === 0) return { $dynamicRef: this.text(dynamicTargets) };
    if (dynamic && this.level === 2019 && this.below(3) === 0) return { $recursiveRef: '"#"' };
    const found = this.references(place);
    return found.length > 0 ? { $ref: this.text(found) } : { type: this.text(types) };
  }

  schema(depth, place) {
    if (depth === 0 || this.below(6) === 0) {
      const kind = this.below(5);
      if (kind === 0) return this.level < 6 ? '{}' : this.pick(['true', 'false']);
      if (kind === 1) return object(Object.entries({ type: this.text(types) }));
      if (kind < 4) return object(Object.entries(this.reference(place)));
    }
    return object(this.members(depth, place));
  }

  members(depth, place) {
    const same = () => this.schema(Math.max(0, depth - 1), place);
    const down = () => this.schema(Math.max(0, depth - 1), { ...place, below: true });
    const members = new Map();
    for (let n = 1 + this.below(3); n > 0; --n) {
      for (const [name, text] of Object.entries(this.pick(this.keywords).make(this, down, same))) members.set(name, text);
    }
    if (this.below(8) === 0) for (const [name, text] of Object.entries(this.reference(place))) members.set(name, text);
    return members;
  }

  anchor(name) {
    return this.level < 2019 ? [this.id, `"#${name}"`] : ['$anchor', `"${name}"`];
  }

  // The marks that references of the dynamic kind look for; often in one resource of the two.
  dynamic() {
    if (this.level === 2020 && this.below(4) > 0) return [['$dynamicAnchor', '"node"']];
    if (this.level === 2019 && this.below(2) === 0) return [['$recursiveAnchor', this.pick(['true', 'true', 'false'])]];
    return [];
  }

  definition(i) {
    const place = { embedded: i === 3, before: i, below: false };
    const members = this.members(2, place);
    if (i < 2) return object(members);
    if (this.level < 2019) members.delete('$ref'); // a name beside it would be none
    if (i === 2) return object(members.set(...this.anchor('here')));
    const inner = this.schema(1, { ...place, inner: true });
    const dynamic = this.level === 2020 ? [['$dynamicAnchor', '"node"']] : this.dynamic();
    return object(new Map([[this.id, '"other.json"'], ...dynamic, [this.definitions, object([['inner', inner]])], ...members]));
  }

  next(documents) {
    this.isSimple = this.below(2) === 0;
    this.keywords = this.isSimple ? this.simple : this.every;
    const definitions = definitionNames.map((name, i) => [name, this.definition(i)]);
    const members = this.members(3, { embedded: false, before: definitionCount, below: false });
    if (this.level < 2019) members.delete('$ref'); // the definitions beside it would be nothing
    const dynamic = this.level === 2020 ? [['$dynamicAnchor', '"node"']] : this.dynamic();
    const schema = object(new Map([['$schema', JSON.stringify(this.uri)], [this.id, '"http://example.com/root.json"'], ...dynamic,
      [this.definitions, object(definitions)], ...members]));
    return { schema, documents: Array.from({ length: documents }, () => this.document(3)) };
  }
}
