// Tokens and authorizers from a seed, and what @biscuit-auth/biscuit-wasm says of each.
//
//     node --experimental-wasm-modules generate.mjs SEED FIRST COUNT [TIMES]
//
// Each line is a case as tocsin-biscuit reads it (the root's key, the token, the authorizer's text in
// base64), the verdict in its words, and the texts of all blocks in base64, for whoever looks.  Asked
// several times, it tries facts in another order each time: where that matters the verdicts differ, and
// all of them stand there, with bars between.
// Left out are `reject if` with several queries, and arrays in expressions: docs/formats/grant.md
// says how implementations differ in them.
import * as wasm from "@biscuit-auth/biscuit-wasm";

// It draws all conclusions within a millisecond or says that they took too long, when an authorizer
// is built, and no limit it is given later changes that: so its clock stands still.
globalThis.performance.now = () => 0;

const LIMITS = { max_facts: 1000, max_iterations: 100, max_time_micro: 60000000 };
const SECRET = "ed25519-private/473b5189232f3f597b5c2f3f9b0d5e28b1ee4e7cce67ec6b7fbf5984157a6b9";
const KEYS = ["7", "8", "9"].map((digit) => wasm.KeyPair.fromPrivateKey(wasm.PrivateKey.fromString(SECRET + digit)));
const [ROOT, ...OTHERS] = KEYS;

let state = 0;

// mulberry32
function draw(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
}

const pick = (items) => items[draw(items.length)];
const some = (most, make) => Array.from({ length: draw(most + 1) }, make);

// The predicates there are, with the kind of each of their terms.
const PREDICATES = { p: ["number"], q: ["number", "string"], r: ["string", "string"], s: ["date"], t: ["set", "number"] };

function value(kind) {
  switch (kind) {
    case "number": return String(draw(5) - 1);
    case "string": return JSON.stringify(pick(["a", "b", "ab", "file1", "é", ""]));
    case "date": return pick(["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"]);
    default: return `{${[...new Set(["1", "2", "3"].filter(() => draw(2)))].join(", ") || ","}}`;
  }
}

function fact() {
  const name = pick(Object.keys(PREDICATES));
  return `${name}(${PREDICATES[name].map(value).join(", ")})`;
}

// Expressions that are true or false; now and then of a kind that is neither.
function expression(known) {
  const variables = Object.entries(known);
  if (variables.length === 0 || draw(8) === 0) {
    return pick(["true", "1 < 2", "2 * 3 === 7", "\"a\" + \"b\" === \"ab\"", "1 / 0 === 1", "9223372036854775807 + 1 > 0"]);
  }
  const [name, kind] = pick(variables);
  const other = variables.filter(([, each]) => each === kind).map(([each]) => `$${each}`);
  const right = draw(3) === 0 ? pick(other) : value(kind);
  switch (draw(12) === 0 ? "any" : kind) {
    case "number": return pick([`$${name} ${pick(["<", "<=", ">", ">=", "===", "!==", "==", "!="])} ${right}`,
      `$${name} ${pick(["+", "-", "*", "/", "&", "|", "^"])} ${right} > ${value("number")}`, `{1, 2}.contains($${name})`,
      `!($${name} < 1) && $${name} < 3 || $${name} === -1`]);
    case "string": return pick([`$${name} ${pick(["===", "!==", "==", "!="])} ${right}`, `$${name}.starts_with(${right})`,
      `$${name}.ends_with(${right})`, `$${name}.contains(${right})`, `$${name}.matches("^[a-f]*$")`, `$${name}.length() ${pick(["<", ">"])} ${draw(4)}`]);
    case "date": return `$${name} ${pick(["<", "<=", ">", ">=", "===", "!=="])} ${right}`;
    case "set": return pick([`$${name}.contains(${value("number")})`, `$${name}.contains(${value("set")})`, `$${name}.length() > ${draw(3)}`,
      `$${name}.union(${value("set")}).length() === 3`, `$${name}.intersection(${value("set")}) === ${value("set")}`,
      `$${name}.any($each -> $each > 2)`, `$${name}.all($each -> $each < 3)`]);
    default: return pick([`$${name} === ${value(pick(["number", "string", "date"]))}`, `$${name}.type() === "integer"`,
      `($${name} < 1).try_or(true)`, `$${name} + 1 === 2`, `$${name} != null`]);
  }
}

function scope() {
  const all = ["authority", "previous", ...OTHERS.map((pair) => pair.getPublicKey().toString())];
  return draw(4) === 0 ? ` trusting ${[...new Set([pick(all), pick(all)])].join(", ")}` : "";
}

function body(least) {
  const known = {};
  const parts = Array.from({ length: least + draw(3 - least) }, () => {
    const name = pick(Object.keys(PREDICATES));
    const terms = PREDICATES[name].map((kind) => {
      if (draw(3) === 0) {
        return value(kind);
      }
      const variable = kind[0] + draw(2);
      known[variable] = kind;
      return `$${variable}`;
    });
    return `${name}(${terms.join(", ")})`;
  });
  const expressions = draw(2) === 0 || parts.length === 0 ? [expression(known)] : [];
  return { text: [...parts, ...expressions].join(", ") + scope(), known };
}

function rule() {
  const { text, known } = body(1);
  const name = pick(Object.keys(PREDICATES));
  const terms = PREDICATES[name].map((kind) => {
    const fitting = Object.keys(known).filter((each) => known[each] === kind);
    return fitting.length > 0 && draw(4) > 0 ? `$${pick(fitting)}` : value(kind);
  });
  return `${name}(${terms.join(", ")}) <- ${text}`;
}

function check() {
  const kind = pick(["check if", "check if", "check all", "reject if"]);
  const count = kind === "reject if" ? 1 : 1 + draw(2);
  return `${kind} ${Array.from({ length: count }, () => body(draw(2)).text).join(" or ")}`;
}

function contents() {
  return [...some(4, fact), ...some(2, rule), ...some(2, check)].map((each) => `${each};\n`).join("");
}

function policy() {
  return `${pick(["allow", "allow", "deny"])} if ${draw(3) === 0 ? "true" : body(draw(2)).text};\n`;
}

function blockOf(code) {
  const block = wasm.Biscuit.block_builder();
  block.addCode(code);
  return block;
}

function makeToken(codes) {
  const builder = wasm.Biscuit.builder();
  builder.addCode(codes[0]);
  let token = builder.build(ROOT.getPrivateKey());
  for (const code of codes.slice(1)) {
    if (draw(2) === 0) {
      token = token.appendBlock(blockOf(code));
    } else {
      const pair = pick(OTHERS);
      const request = token.getThirdPartyRequest();
      token = token.appendThirdPartyBlock(pair.getPublicKey(), request.createBlock(pair.getPrivateKey(), blockOf(code)));
    }
  }
  return token;
}

const checksOf = (checks) => checks.map((each) =>
  each.Authorizer ? ` A/${each.Authorizer.check_id}` : ` B${each.Block.block_id}/${each.Block.check_id}`).join("");

function failure(error) {
  const logic = error.FailedLogic;
  if (logic?.Unauthorized) {
    const [[kind, index]] = Object.entries(logic.Unauthorized.policy);
    return `denied ${kind.toLowerCase()} ${index}${checksOf(logic.Unauthorized.checks)}`;
  }
  if (logic?.NoMatchingPolicy) {
    return `no-policy${checksOf(logic.NoMatchingPolicy.checks)}`;
  }
  if (logic?.InvalidBlockRule) {
    return "invalid-rule";
  }
  return error.Execution || error.RunLimit ? "error" : `unknown ${JSON.stringify(error)}`;
}

function verdictOf(token, code) {
  const builder = new wasm.AuthorizerBuilder();
  builder.addCode(code);
  try {
    return `allowed ${builder.buildAuthenticated(token).authorizeWithLimits(LIMITS)}`;
  } catch (error) {
    return failure(error);
  }
}

const base64 = (text) => Buffer.from(text).toString("base64");
const [seed, first, count, times = 1] = process.argv.slice(2).map(Number);
for (let number = first; number < first + count; number++) {
  state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b);
  const codes = [contents(), ...some(3, contents)];
  const code = contents() + Array.from({ length: 1 + draw(3) }, policy).join("");
  const token = makeToken(codes);
  const verdicts = new Set(Array.from({ length: times }, () => verdictOf(token, code)));
  console.log([ROOT.getPublicKey().toString(), token.toBase64(), base64(code), [...verdicts].join("|"),
    base64([...codes, code].join("---\n"))].join("\t"));
}
