"""The row that keys are about is seen in every theme, by its colour and by a mark."""

from __future__ import annotations

import pytest
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.themes import OF_A_LIGHT_TERMINAL, OF_THE_TERMINAL, THEMES
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.pilot import Pilot
from textual.strip import Strip

from .pilots import opened

OF_TERMINALS = (OF_THE_TERMINAL, OF_A_LIGHT_TERMINAL)

WHERE: dict[str, tuple[str | None, list[str]]] = {
    "tree": ("fabc", ["end", "down", "down"]),
    "a row in play": ("fabc", ["right", "right", "down", "down"]),
    "ranking": ("fabc", ["end", "s", "down"]),
    "library": (None, ["down"]),
}
"""Where rows are selected, and the keys that select one that is neither the first nor the last."""


def luminance(colour: ColorTriplet) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = (part / 255 for part in colour)
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """Contrast ratio as WCAG 2 defines it: 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colours(style: Style) -> tuple[ColorTriplet, ColorTriplet]:
    """Return what is painted and what it is painted on."""
    assert style.color is not None
    assert style.bgcolor is not None
    painted, ground = style.color.get_truecolor(), style.bgcolor.get_truecolor()
    return (ground, painted) if style.reverse else (painted, ground)


def rows(pilot: Pilot[None]) -> tuple[Strip, Strip, Strip]:
    """Return the selected row, cut to the middle of it, and the rows before and after it (in the library, empty)."""
    strips = pilot.app.screen._compositor.render_strips()
    place = next(y for y, strip in enumerate(strips) if y > 1 and ">" in strip.text.lstrip("│")[:2])
    following = place + 1
    if isinstance(pilot.app.screen, LibraryScreen):
        following = next(y for y in range(place, len(strips)) if not strips[y].text.strip())
    selected, before, after = (strips[y].crop(4, 76) for y in (place, place - 1, following))
    return selected, before, after


def grounds(strip: Strip) -> set[ColorTriplet]:
    return {colours(segment.style)[1] for segment in strip if segment.style is not None and not segment.style.reverse}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("theme", [name for name in THEMES if name not in OF_TERMINALS])
async def test_its_ground_stands_out_from_the_rows_beside_it_and_its_words_from_its_ground(
    theme: str, where: str
) -> None:
    scenario, keys = WHERE[where]
    async with opened(scenario) as pilot:
        pilot.app.theme = THEMES[theme].name
        await pilot.press(*keys)
        await pilot.pause()
        selected, before, after = rows(pilot)
        (ground,) = grounds(selected)
        for other in grounds(before) | grounds(after):
            assert contrast(ground, other) >= 1.5
        for segment in selected:
            if segment.text.strip() and segment.style is not None and not segment.style.dim:
                assert contrast(*colours(segment.style)) >= 4.5, segment


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("theme", OF_TERMINALS)
async def test_with_the_colours_of_the_terminal_it_is_underlined_or_bold_and_its_neighbours_are_not(
    theme: str, where: str
) -> None:
    scenario, keys = WHERE[where]
    async with opened(scenario) as pilot:
        pilot.app.theme = THEMES[theme].name
        await pilot.press(*keys)
        await pilot.pause()
        selected, before, after = rows(pilot)
        look = "bold" if where == "library" else "underline"
        assert all(getattr(segment.style, look) for segment in selected)
        assert not any(getattr(segment.style, look) for segment in (*before, *after))
