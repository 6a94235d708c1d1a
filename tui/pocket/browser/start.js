/** Unpacks what stands in the page. */
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

async function start() {
  const packed = document.getElementById("document");
  const main = document.getElementById("page");
  if (typeof DecompressionStream === "undefined") {
    main.append(element("p", {}, packed.dataset.tooOld));
    return;
  }
  const data = await unpacked(packed.textContent);
  if (data.no_walk) main.append(element("p", {}, data.no_walk));
  if (data.walk) {
    const player = new Player(data);
    main.append(player.box);
    player.go(Number(/^#step-(\d+)$/.exec(location.hash)?.[1] ?? 0));
  }
  if (data.training) main.append(new TrainingRun(data.training, data.words).box);
  document.documentElement.dataset.ready = "true";
}

start();
