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
  const player = new Player(await unpacked(packed.textContent));
  main.append(player.box);
  player.go(Number(/^#step-(\d+)$/.exec(location.hash)?.[1] ?? 0));
  document.documentElement.dataset.ready = "true";
}

start();
