/** Reads an answer as people write it by hand, such as `-1/(9e)`, `√2`, `2x²`; it is worked out, never run. */
class Expression {
  /** `valueOf(name)` gives the number of a name, undefined where there is none. Throws Unreadable. */
  constructor(text, valueOf) {
    this.tokens = tokensOf(text, valueOf);
    this.place = 0;
    this.valueOf = valueOf;
    this.hasDecimals = this.tokens.some(({ kind, text }) => kind === "number" && /[.e]/i.test(text));
    this.value = this.sum();
    if (this.token.kind !== "end") throw new Unreadable(this.token.text);
  }

  get token() {
    return this.tokens[this.place];
  }

  take(...texts) {
    const { kind, text } = this.token;
    if (kind !== "sign" || !texts.includes(text)) return "";
    this.place += 1;
    return text;
  }

  sum() {
    let value = this.product();
    for (;;) {
      const sign = this.take("+", "-");
      if (!sign) return value;
      value = sign === "+" ? value + this.product() : value - this.product();
    }
  }

  product() {
    let value = this.signed();
    let divides = false;
    for (;;) {
      const sign = this.take("*", "/");
      if (sign) {
        divides = sign === "/";
        value = divides ? value / this.signed() : value * this.signed();
      } else if (this.standsBesideAFactor()) {
        if (divides || this.openEnd === this.place) throw new Unreadable(this.token.text); // 1/2x and e^2x can be read in two ways
        value *= this.power();
      } else return value;
    }
  }

  /** Whether what comes next is multiplied by what stands before it, without a sign: 2x, 3(a + b), x√2. */
  standsBesideAFactor() {
    const before = this.tokens[this.place - 1];
    const { kind, text } = this.token;
    const follows = kind === "name" || text === "(" || text === "√";
    if (before.kind === "number" || before.kind === "raised" || before.text === ")") return follows;
    return before.kind === "name" && (text === "√" || (kind === "name" && isConstant(before.text) && isConstant(text)));
  }

  signed() {
    const sign = this.take("+", "-");
    if (!sign) return this.power();
    const value = this.signed();
    return sign === "-" ? -value : value;
  }

  power() {
    const base = this.operand();
    if (this.token.kind === "raised") {
      const exponent = Number(this.token.text);
      this.place += 1;
      return base ** exponent;
    }
    if (!this.take("^")) return base;
    const value = base ** this.signed();
    if (this.tokens[this.place - 1].text !== ")") this.openEnd = this.place;
    return value;
  }

  operand() {
    const { kind, text } = this.token;
    if (kind === "number") {
      this.place += 1;
      return Number(text);
    }
    if (kind === "name") return this.named(text);
    if (this.take("(")) return this.closed(this.sum(), ")");
    if (this.take("|")) return Math.abs(this.closed(this.sum(), "|"));
    if (this.take("√")) {
      const value = Math.sqrt(this.operand());
      if (this.tokens[this.place - 1].text !== ")") this.openEnd = this.place;
      return value;
    }
    throw new Unreadable(text);
  }

  closed(value, end) {
    if (!this.take(end)) throw new Unreadable(this.token.text);
    return value;
  }

  named(name) {
    this.place += 1;
    if (this.token.text === "(" && Object.hasOwn(FUNCTIONS, name)) return this.called(name);
    const value = this.valueOf(name) ?? CONSTANTS[name];
    if (value === undefined || (this.token.text === "(" && !isConstant(name))) throw new Unreadable(name);
    return value;
  }

  called(name) {
    this.take("(");
    const operands = [this.sum()];
    while (this.take(",")) operands.push(this.sum());
    this.closed(0, ")");
    const work = FUNCTIONS[name];
    const takesMore = FOLDED.has(name) && operands.length > 2;
    if (work.length && work.length !== operands.length && !takesMore) throw new Unreadable(name);
    return work(...operands);
  }
}

/** An answer that cannot be read; the message is where. */
class Unreadable extends Error {}

const CONSTANTS = { e: Math.E, pi: Math.PI, π: Math.PI };

function isConstant(name) {
  return name === "e" || name === "π";
}

/** Functions of two operands that are called with more. */
const FOLDED = new Set(["max", "min"]);

const FUNCTIONS = {
  square: (x) => x * x,
  sqrt: (x) => Math.sqrt(x),
  reciprocal: (x) => 1 / x,
  exp: (x) => Math.exp(x),
  ln: (x) => Math.log(x),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
  tan: (x) => Math.tan(x),
  tanh: (x) => Math.tanh(x),
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  relu: (x) => Math.max(x, 0),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  erf: (x) => erf(x),
  abs: (x) => Math.abs(x),
  pow: (x, y) => x ** y,
  max: (x, y, ...further) => Math.max(x, y, ...further),
  min: (x, y, ...further) => Math.min(x, y, ...further),
  sum: (...numbers) => numbers.reduce((sum, number) => sum + number),
  mean: (...numbers) => numbers.reduce((sum, number) => sum + number) / numbers.length,
  step: (x) => (x > 0 ? 1 : 0),
  sign: (x) => Math.sign(x),
};

/** The error function, by a series whose terms all have one sign: 2/√π · exp(-x²) · Σ 2ⁿx²ⁿ⁺¹/(1·3·5···(2n+1)). */
function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SAME_SIGNS = { "−": "-", "–": "-", "‐": "-", "‑": "-", "·": "*", "⋅": "*", "∙": "*", "×": "*", "÷": "/", "⁄": "/", "∕": "/" };
const LETTER = "(?:(?![⁰¹²³⁴-⁹¼½¾⅐-⅟↉])[\\p{L}\\p{M}\\p{N}_])";
const NAME = `(?!\\p{N})${LETTER}+`;
const NUMBER = "(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
const TOKEN = new RegExp(`\\s*(?:(${NUMBER})|(∂${NAME}/∂${NAME}|${NAME}(?:\\[[\\d,]+\\])?)|(\\*\\*|[-+*/^(),|√])|(⁻?[⁰¹²³⁴-⁹]+)|($)|(.))`, "uy");

/** Cuts an answer into numbers, names, signs and raised numbers. */
function tokensOf(text, valueOf) {
  const plain = text.normalize("NFC").replace(/[−–‐‑·⋅∙×÷⁄∕]/g, (sign) => SAME_SIGNS[sign]);
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (;;) {
    const [, number, name, sign, raised, , other] = TOKEN.exec(plain);
    if (other !== undefined) throw new Unreadable(other);
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push(...namesOf(name, valueOf));
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign === "**" ? "^" : sign });
    else if (raised !== undefined) tokens.push({ kind: "raised", text: [...raised].map((digit) => (digit === "⁻" ? "-" : RAISED.indexOf(digit))).join("") });
    else return [...tokens, { kind: "end", text: "" }];
  }
}

/** A name, or e and π that are written together. */
function namesOf(name, valueOf) {
  const isTogether = /^[eπ]{2,}$/.test(name) && valueOf(name) === undefined;
  return (isTogether ? [...name] : [name]).map((text) => ({ kind: "name", text }));
}
