"""Pages of the pocket player in headless Chromium, and what is read in them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from click.testing import CliRunner
from gradwalk.tui.cli import main

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

STATE = """() => {
  const cells = (place) => Object.fromEntries([...document.querySelectorAll("tr[data-node]")].map((row) => [
    row.dataset.node, [row.cells[place].textContent, row.cells[place].dataset.number ?? null]]));
  const step = Object.fromEntries([...document.querySelectorAll("dd[data-key]")].map((cell) => [
    cell.dataset.key, cell.classList.contains("undefined") ? null : Number(cell.textContent)]));
  return {values: cells(1), gradients: cells(2), step, title: document.querySelector("#step-title").textContent};
}"""
"""What the tree and the panel of a page show, with all digits."""


@contextmanager
def chromium() -> Generator[Browser]:
    """Start a browser; skip where there is none."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        except api.Error as error:
            pytest.skip(f"Chromium does not start: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, file: Path, *, hash: str = "", width: int = 1200, scheme: Scheme = "light"
) -> Generator[Page]:
    """Open a page from its file; whatever it would fetch, and whatever error is in it, fails the test."""
    context = browser.new_context(viewport={"width": width, "height": 780}, color_scheme=scheme)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: faults.append(request.url) if not _is_own(request.url, file) else None)
    page.goto(f"{file.as_uri()}{hash}")
    page.wait_for_selector("html[data-ready]")
    yield page
    context.close()
    assert not faults, faults[:5]


def _is_own(address: str, file: Path) -> bool:
    return address.startswith((file.as_uri(), "blob:", "data:"))


def run(*arguments: str) -> str:
    """Run the program; return what it prints."""
    result = CliRunner().invoke(main, [*arguments])
    assert result.exit_code == 0, result.output
    return result.output


def exported(scenario: str, folder: Path) -> Path:
    """Write the page of a scenario by the command."""
    file = folder / "page.html"
    run("export", scenario, "--format", "html", "-o", str(file))
    return file


def traced(scenario: str) -> dict[str, Any]:
    """Return what `gradwalk trace --json` prints of a scenario."""
    return json.loads(run("trace", scenario, "--json"))


def replayed(document: dict[str, Any]) -> Iterator[tuple[dict[str, float | None], dict[str, float | None]]]:
    """Take the steps of a document: after each, and before the first, the values and the gradients that are known."""
    values = {str(place): node["value"] for place, node in enumerate(document["nodes"]) if not node["op"]}
    gradients: dict[str, float | None] = {}
    yield dict(values), dict(gradients)
    written = {str(step["node"]) for step in document["steps"] if step["phase"] != "forward"}
    for step in document["steps"]:
        place = str(step["node"])
        if step["phase"] == "forward":
            values[place] = step["value"]
        else:
            gradients[place] = step["factor"]["after"] if step["factor"] else step["value"]
        if step["phase"] == "seed":
            for other, node in enumerate(document["nodes"]):
                if node["carries_gradient"] and str(other) not in written:
                    gradients[str(other)] = node["gradient"]
        yield dict(values), dict(gradients)
