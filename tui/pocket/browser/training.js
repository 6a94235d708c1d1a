/** A training run: the loss by epoch, how the model fits, and the numbers of the epoch that is shown. */
class TrainingRun {
  constructor(data, words) {
    Object.assign(this, data);
    this.words = words;
    this.place = 0;
    this.timer = null;
    this.lossPlot = new PlotPicture(this.loss_title);
    this.modelPlot = new PlotPicture(this.plot_title);
    this.slider = element("input", { type: "range", min: 0, max: this.epochs.length - 1, value: 0, "aria-label": words.epoch, oninput: () => this.go(Number(this.slider.value)) });
    this.buttons = {
      start: button(words.start, "", () => this.go(0)),
      back: button(words.back, "", () => this.go(this.place - 1)),
      forward: button(words.train, "", () => this.go(this.place + 1), { class: "main" }),
      end: button(words.end, "", () => this.go(this.epochs.length - 1)),
      play: button(words.play, "", () => this.togglePlay()),
    };
    const { start, back, forward, end, play } = this.buttons;
    this.title = element("p", { class: "position", "aria-live": "polite" });
    this.lines = element("div", { class: "lines", "aria-live": "off" });
    this.numbers = element("dl", { class: "numbers" });
    this.box = element("section", { class: "training", "aria-labelledby": "training-title" },
      element("h2", { id: "training-title" }, words.training),
      element("div", { role: "group", class: "moving", "aria-label": words.epochs }, start, back, forward, end, play, this.slider),
      element("div", { class: "plots" }, this.lossPlot.box, this.modelPlot.box),
      element("div", { class: "step" }, this.title, this.lines, element("details", {}, element("summary", {}, words.epochNumbers), this.numbers)));
    this.go(0);
  }

  /** Shows an epoch, by its place among those that can be shown. */
  go(place) {
    this.place = Math.max(0, Math.min(place, this.epochs.length - 1));
    const epoch = this.epochs[this.place];
    this.slider.value = this.place;
    this.slider.setAttribute("aria-valuetext", epoch.position);
    this.title.textContent = epoch.position;
    this.lines.replaceChildren(...shownLines(epoch.lines));
    this.numbers.replaceChildren(...Object.entries({ [this.words.loss]: epoch.loss, ...epoch.parameters }).flatMap(([name, number]) => [
      element("dt", {}, name), element("dd", { "data-name": name }, number === null ? this.words.undefined : allDigits(number))]));
    this.buttons.start.disabled = this.buttons.back.disabled = this.place === 0;
    this.buttons.end.disabled = this.buttons.forward.disabled = this.place === this.epochs.length - 1;
    this.drawLoss(epoch);
    this.drawModel(epoch);
  }

  drawLoss(epoch) {
    const known = this.losses.filter(([, loss]) => loss !== null && (!this.log || loss > 0));
    const xs = known.map(([at]) => at);
    const ys = known.map(([, loss]) => loss);
    const low = Math.min(...ys);
    const high = Math.max(...ys);
    const room = 0.06 * (high - low) || Math.abs(high) || 1;
    const here = epoch.loss === null || (this.log && epoch.loss <= 0) ? [] : [epoch.loss];
    this.lossPlot.draw({
      series: [{ x: xs, y: ys, colour: "line", line: true }, { x: here.map(() => epoch.epoch), y: here, colour: "here", marker: "●", line: false }],
      xLabel: this.words.epoch, yLabel: this.words.loss, log: this.log,
      xLimits: [0, Math.max(1, this.losses.at(-1)[0])],
      yLimits: this.log ? [low / 1.3, high * 1.3] : [low - room, high + room],
    }, `${this.loss_title}: ${epoch.aloud}`);
  }

  drawModel(epoch) {
    const { plot } = epoch;
    this.modelPlot.draw({
      series: plot.series.map((place) => this.series[place]), field: plot.field,
      xLabel: plot.x_label, yLabel: plot.y_label, xLimits: plot.x_limits, yLimits: plot.y_limits,
    }, `${this.plot_title}: ${epoch.aloud}`);
  }

  togglePlay(on = this.timer === null) {
    clearInterval(this.timer);
    this.timer = null;
    if (on) {
      if (this.place === this.epochs.length - 1) this.go(0);
      this.timer = setInterval(() => (this.place < this.epochs.length - 1 ? this.go(this.place + 1) : this.togglePlay(false)), 150);
    }
    this.buttons.play.textContent = on ? this.words.pause : this.words.play;
  }
}
