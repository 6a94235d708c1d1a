/** Predict mode: asks for the steps of a walk before they are shown. Its box stands in the place of the step. */
class Predict {
  constructor(player, levels) {
    this.player = player;
    this.words = player.words;
    this.isOn = false;
    /** So many steps were shown, or found. */
    this.seen = 0;
    this.level = 0;
    /** The step that is asked for, and the attempts at its questions; null where nothing is asked. */
    this.asked = null;
    this.tally = { right: 0, helped: 0, wrong: 0, skipped: 0 };
    this.choice = element("select", { "aria-label": this.words.level, onchange: () => this.choose() },
      ...Object.entries(levels).map(([level, words], place) => element("option", { value: place }, `${level}: ${words}`)));
    this.bar = element("div", { class: "predict-bar" }, element("span", {}, `${this.words.asks} `), this.choice);
    this.lines = element("div", { class: "lines" });
    this.prompt = element("label", { for: "answer" });
    this.field = element("input", { type: "text", id: "answer", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-describedby": "said" });
    this.said = element("div", { id: "said", class: "said", "aria-live": "polite" });
    const form = element("form", { onsubmit: (event) => { event.preventDefault(); this.answer(); } }, this.prompt, this.field,
      element("div", { class: "buttons" }, element("button", { class: "main" }, this.words.answer), button(this.words.hint, "?", () => this.hint()), button(this.words.skip, "", () => this.skip())));
    this.field.addEventListener("keydown", (event) => this.takeKey(event));
    this.title = element("h2", { id: "question-title" });
    this.box = element("section", { class: "step question", "aria-labelledby": "question-title" }, this.title, this.lines, form, this.said);
    this.told = element("div", { class: "told", "aria-live": "polite" });
    this.show();
  }

  // ---- on and off

  toggle() {
    this.isOn = !this.isOn;
    this.asked = null;
    this.told.replaceChildren();
    this.seen = this.player.cursor === this.player.walk.total ? 0 : this.player.cursor;
    for (const outcome of Object.keys(this.tally)) this.tally[outcome] = 0;
    if (this.isOn) {
      this.player.togglePlay(false);
      this.player.go(this.seen);
      this.told.replaceChildren(element("p", {}, this.words.predictOn));
    } else this.player.show();
  }

  choose() {
    this.level = Number(this.choice.value);
    const target = this.asked?.step.number;
    this.asked = null;
    if (target) this.forward(target);
    else this.player.show();
  }

  // ---- moving

  /** Goes forward: what was seen is shown, and the first step after it that has a question is asked for. */
  forward(target) {
    const { player } = this;
    this.told.replaceChildren();
    if (target <= this.seen) return player.go(target);
    const isResult = this.level === RESULTS;
    const last = isResult ? player.walk.total : target;
    for (let step = this.seen + 1; step <= last; step++) {
      const questions = player.walk.moments[step].asked?.questions.filter((question) => question.levels.includes(this.level)) ?? [];
      if (questions.length) return this.ask(step, questions, isResult ? this.seen : step - 1);
    }
    this.seen = target;
    player.go(target);
    this.tellAll();
  }

  /** Is told where somebody goes back, or elsewhere among the steps that were seen: the question is given up. */
  leave() {
    this.asked = null;
    this.told.replaceChildren();
  }

  ask(step, questions, shown) {
    const { player } = this;
    player.go(shown);
    this.seen = Math.max(this.seen, shown);
    this.asked = { step: player.walk.steps[step], attempts: questions.map((question) => new Attempt(question, player.walk.steps[step], player.walk, this.words)) };
    this.title.textContent = player.walk.moments[step].position;
    this.show();
    player.show();
    this.field.focus({ preventScroll: true });
    this.box.scrollIntoView({ block: "nearest" });
  }

  // ---- answering

  get attempt() {
    return this.asked?.attempts.find((attempt) => attempt.outcome === "open");
  }

  answer() {
    try {
      this.attempt.answer(this.field.value);
      this.field.select();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.attempt.verdict = { isRight: null, text: this.words.unreadable };
    }
    this.closed();
  }

  hint() {
    this.attempt.hint();
    this.closed();
    this.field.focus({ preventScroll: true });
  }

  skip() {
    this.attempt.skip();
    this.closed();
  }

  /** Goes on to the next question of the step, or shows it. */
  closed() {
    const { step, attempts } = this.asked;
    if (this.attempt) {
      this.show();
      return;
    }
    for (const attempt of attempts) this.tally[attempt.outcome] += 1;
    const last = attempts.at(-1);
    this.asked = null;
    this.seen = step.number;
    this.player.go(step.number);
    this.told.replaceChildren(...this.saidOf(last));
    this.tellAll();
    this.player.buttons.forward.focus({ preventScroll: true });
  }

  takeKey(event) {
    if (event.key === "?") this.hint();
    else if (event.key === "Escape") this.player.buttons.back.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- drawing

  show() {
    const { attempt } = this;
    this.field.value = attempt && attempt === this.shown ? this.field.value : "";
    this.shown = attempt;
    if (!attempt) return;
    const { asked } = this.player.walk.moments[this.asked.step.number];
    const head = shownLines(asked.heads[this.level] ?? []);
    const done = this.asked.attempts.filter((other) => other.outcome !== "open").map((other) => element("div", { class: "line contribution" }, `${foundSign(other)} ${other.solution}`));
    this.lines.replaceChildren(...head, ...done);
    this.prompt.textContent = attempt.question.prompt;
    this.said.replaceChildren(...this.saidOf(attempt));
  }

  saidOf(attempt) {
    const { verdict, question, words } = attempt;
    const lines = [];
    if (attempt.outcome === "wrong" || attempt.outcome === "skipped") lines.push(element("p", {}, `– ${attempt.outcome === "wrong" ? words.theAnswer : words.skipped}: `, element("strong", { class: "contribution" }, attempt.solution)));
    else if (verdict) lines.push(element("p", { class: verdict.isRight ? "value" : "" }, `${verdict.isRight ? "✓" : verdict.isRight === false ? "✗" : "?"} ${verdict.text}`));
    if (attempt.outcome === "open") question.hints.slice(0, attempt.hints).reverse().forEach((hint, place) => lines.push(element("p", {}, `? ${words.hint.toLowerCase()} ${attempt.hints - place} / ${question.hints.length}: ${hint}`)));
    return lines;
  }

  /** At the end of the walk, tells what came of all questions. */
  tellAll() {
    const { walk, cursor } = this.player;
    if (cursor < walk.total) return;
    const counts = Object.entries(this.tally).map(([outcome, count]) => `${count} ${outcome}`).join(" · ");
    this.told.append(element("p", {}, element("strong", {}, this.words.predicted), ` ${counts}`));
  }
}

const RESULTS = 2;

function foundSign(attempt) {
  return attempt.outcome === "right" || attempt.outcome === "helped" ? "✓" : "–";
}
