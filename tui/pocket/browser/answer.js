/** An answer that has been read: the number that it stands for, and how far what was written may be rounded. */
class Answer {
  constructor(text, valueOf) {
    const word = text.trim().toLowerCase().replace(/\.$/, "");
    this.saysNone = NONE.has(word) && valueOf(word) === undefined;
    if (this.saysNone) return;
    const expression = new Expression(text, valueOf);
    if (!Number.isFinite(expression.value)) throw new Unreadable(text);
    this.number = expression.value;
    const typed = /^\s*[-+−]?\s*((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/.exec(text);
    /** The unit of the last digit of a plain number; null for any other expression. */
    this.typedUnit = typed ? lastDigit(typed[1]) : null;
    this.hasDecimals = expression.hasDecimals;
  }

  /** The unit of the last digit that counts, 0 where nothing is rounded. */
  get unit() {
    if (this.typedUnit !== null) return this.typedUnit;
    return this.number && this.hasDecimals ? unitOfThreeDigits(this.number) : 0;
  }

  /** Whether it is a number, by the rules of precision that `gradwalk judge` has too. */
  isRight(right, noise) {
    if (this.saysNone) return false;
    const distance = Math.abs(this.number - right);
    if (distance <= EXACT * Math.abs(right) + noise) return true;
    if (!right || (!this.hasDecimals && this.typedUnit === null)) return false;
    let allowed = unitOfThreeDigits(right) / 2;
    if (this.typedUnit !== null) {
      if (isWhole(right)) return false;
      allowed = Math.min(allowed, this.typedUnit / 2);
    }
    return distance <= allowed * (1 + EXACT) + noise;
  }

  /** The sentences of the mistakes that give this number; nobody is accused by chance, as in `gradwalk judge`. */
  mistakes(explanations) {
    const found = new Set();
    let tried = 0;
    for (const [number, sentences] of explanations) {
      const isAsLarge = Math.abs(this.number) <= 3 * Math.abs(number) && Math.abs(number) <= 3 * Math.abs(this.number);
      if (isAsLarge) tried += 1;
      if (this.equals(number) || (this.roundsTo(number) && (tried * this.share) / SIZES <= CHANCE)) sentences.forEach((sentence) => found.add(sentence));
    }
    return [...found];
  }

  equals(number) {
    return Math.abs(this.number - number) <= EXACT * Math.max(Math.abs(this.number), Math.abs(number));
  }

  roundsTo(number) {
    const hasThreeDigits = Math.abs(this.number) >= 100 * this.unit * (1 - EXACT);
    return this.unit > 0 && hasThreeDigits && Math.abs(this.number - number) <= (this.unit / 2) * (1 + EXACT);
  }

  /** Which part of the numbers of its size, written with its digits, it is one of. */
  get share() {
    return this.number ? Math.max(this.unit / Math.abs(this.number), EXACT) : 1;
  }
}

const EXACT = 1e-9;
const CHANCE = 0.01;
const SIZES = 2 * (3 - 1 / 3);
const LARGEST_WHOLE = 1e9;
const NONE = new Set(["undefined", "none", "nan", "does not exist", "not defined", "doesn't exist", "dne"]);

/** 0.01 for 1.25, 1e-7 for 1.2e-6. */
function lastDigit(digits) {
  const [mantissa, exponent] = digits.toLowerCase().split("e");
  return Number(`1e${Number(exponent ?? 0) - (mantissa.split(".")[1] ?? "").length}`);
}

function unitOfThreeDigits(number) {
  return Number(`1e${Number(number.toExponential().split("e")[1]) - 2}`);
}

function isWhole(number) {
  return Math.abs(number) < LARGEST_WHOLE && Math.abs(number - Math.round(number)) <= EXACT * Math.abs(number);
}
