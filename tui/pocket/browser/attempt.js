/** One question being worked at: what was answered so far, and what was shown to help. */
class Attempt {
  constructor(question, step, walk, words) {
    Object.assign(this, { question, step, walk, words });
    this.wrong = 0;
    this.hints = 0;
    /** "open", or what has come of it: "right", "helped", "wrong" or "skipped". */
    this.outcome = "open";
    /** What is said of the last answer: {isRight, text}; null where there is none. */
    this.verdict = null;
  }

  get right() {
    const { question, step } = this;
    if (question.right !== null) return question.right;
    const { factor } = step;
    return { value: step.value, "local derivative": factor?.local, contribution: factor?.contribution, gradient: factor?.after }[question.kind];
  }

  /** The number that a name stands for in an answer: a node's value; of what is asked for, and of what comes after it, none. */
  valueOf(name) {
    const node = this.walk.nodeOf.get(name);
    if (node === undefined || (this.question.kind === "value" && node >= this.step.node)) return undefined;
    return this.walk.value(node, this.walk.seed).number ?? undefined;
  }

  /** Judges an answer; throws Unreadable for one that is no try. */
  answer(text) {
    const answer = new Answer(text, (name) => this.valueOf(name));
    const { question, words } = this;
    if (answer.isRight(this.right, question.noise)) {
      this.outcome = this.wrong || this.hints ? "helped" : "right";
      this.verdict = { isRight: true, text: `${words.right}: ${question.solution}.` };
      return;
    }
    const remark = this.atCorner(answer);
    if (remark) {
      this.outcome = this.wrong || this.hints ? "helped" : "right";
      this.verdict = { isRight: true, text: `${words.right}. ${remark}` };
      return;
    }
    this.wrong += 1;
    this.verdict = { isRight: false, text: answer.saysNone ? words.exists : this.explained(answer.mistakes(question.explanations)) };
  }

  /** What is said of an answer that is right at a corner though it is not the walk's number; empty where it is wrong. */
  atCorner(answer) {
    const { sides } = this.question;
    if (!sides) return "";
    if (answer.saysNone) return sides.none_remark;
    if (sides.low === null) return "";
    const isBetween = sides.is_between_right && sides.low <= answer.number && answer.number <= sides.high;
    return isBetween || answer.isRight(sides.low, 0) || answer.isRight(sides.high, 0) ? sides.remark : "";
  }

  explained(sentences) {
    const { words, question } = this;
    if (!sentences.length) return question.explanations.length ? words.unexplained : words.notIt;
    if (sentences.length === 1) return sentences[0];
    const more = sentences.length - 3;
    return `${words.several} ${sentences.slice(0, 3).join(` ${words.or}: `)}${more > 0 ? ` ${words.more}` : ""}`;
  }

  /** Shows a hint more; after the last one the answer. */
  hint() {
    if (this.hints < this.question.hints.length) this.hints += 1;
    else this.outcome = "wrong";
  }

  skip() {
    this.outcome = this.wrong ? "wrong" : "skipped";
  }

  /** The answer, as a line. */
  get solution() {
    return `${this.question.ask} = ${this.question.solution}`;
  }
}
