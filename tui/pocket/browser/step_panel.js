/** Says the step just taken, in the words of the terminal; below it its numbers with all digits. */
class StepPanel {
  constructor(player) {
    this.player = player;
    this.title = element("h2", { id: "step-title", class: "position" });
    this.lines = element("div", { class: "lines", "aria-hidden": "true" });
    this.aloud = element("div", { class: "for-ear", "aria-live": "polite" });
    this.numbers = element("dl", { class: "numbers" });
    this.whole = element("details", {}, element("summary", {}, player.words.numbers), this.numbers);
    this.selected = element("p", { class: "selected", "aria-live": "polite" });
    this.box = element("section", { class: "step taken", "aria-labelledby": "step-title" }, this.title, this.aloud, this.lines, this.whole, this.selected);
  }

  show(cursor) {
    const moment = this.player.walk.moments[cursor];
    this.title.textContent = moment.position;
    this.lines.replaceChildren(...shownLines(moment.lines));
    this.lines.classList.toggle("prose", cursor === 0);
    const isWritten = cursor > 0 && cursor < this.player.walk.total && moment.aloud.length > 0;
    const rest = isWritten ? "" : this.lines.innerText;
    this.aloud.replaceChildren(...[...moment.aloud, ...(rest ? [rest] : [])].map((said) => element("p", {}, said)));
    this.showNumbers(this.player.walk.steps[cursor]);
    this.showSelected(cursor);
  }

  showNumbers(step) {
    this.whole.hidden = !step;
    if (!step) {
      this.numbers.replaceChildren();
      return;
    }
    const { words } = this.player;
    const rows = step.factor
      ? ["upstream", "local", "contribution", "before", "after"].map((key) => [key, step.factor[key]])
      : [[step.phase === "seed" ? "gradient" : "value", step.value]];
    this.numbers.replaceChildren(...rows.flatMap(([key, number]) => [
      element("dt", {}, words[key]),
      element("dd", { "data-key": key, class: number === null ? "undefined" : NUMBER_STYLES[key] }, number === null ? words.undefined : allDigits(number)),
    ]));
  }

  showSelected(cursor) {
    const { walk, selected, words } = this.player;
    this.selected.hidden = selected === null;
    if (selected === null) return;
    const value = walk.value(selected, cursor);
    const gradient = walk.gradient(selected, cursor);
    const name = walk.names[selected];
    this.selected.textContent = `${words.selected}: ${name} · ${words.value} ${value.text} · ${words.gradient} ${gradient.text}`;
  }
}

const NUMBER_STYLES = { upstream: "upstream", local: "local", contribution: "contribution", before: "contribution", after: "contribution", value: "value", gradient: "contribution" };
