"""The colours that carry meaning are told apart by people who see fewer colours, and are read by everybody.

How somebody sees who lacks one kind of cones is simulated as in Machado, Oliveira and Fernandes, "A
physiologically-based model for simulation of color vision deficiency" (2009); differences are those of CIEDE2000,
contrasts those of WCAG 2.
"""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
from gradwalk.tui.themes import DIM, OF_A_LIGHT_TERMINAL, OF_THE_TERMINAL, THEMES
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet

with warnings.catch_warnings(), np.printoptions():  # importing it changes how NumPy prints
    warnings.simplefilter("ignore")
    colour = pytest.importorskip("colour", reason="colour-science is not installed")
    CONES = {
        "all": np.eye(3),
        **{kind: colour.matrix_cvd_Machado2009(kind, 1) for kind in ("Protanomaly", "Deuteranomaly", "Tritanomaly")},
    }

LEAST_DIFFERENCE, LEAST_CONTRAST = 12, 4.5
MEANING = ("success", "secondary", "warning", "accent", "error")
OF_TERMINALS = (OF_THE_TERMINAL, OF_A_LIGHT_TERMINAL)
ANSI = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")

# The sixteen colours of terminals in use, as their makers publish them.
PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 "
    "7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "Linux console": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa "
    "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "Windows": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc "
    "767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
    "macOS": "000000 990000 00a600 999900 0000b2 b200b2 00a6b2 bfbfbf "
    "666666 e50000 00d900 e5e500 0000ff e500e5 00e5e5 e5e5e5",
}

Triplet = np.ndarray


def parts(triplet: ColorTriplet) -> Triplet:
    return np.array(triplet) / 255


def linear(srgb: Triplet) -> Triplet:
    return colour.cctf_decoding(srgb, "sRGB")


def difference(one: Triplet, other: Triplet) -> float:
    """Return the smallest difference that anybody sees between two sRGB colours."""
    differences: list[float] = []
    for cones in CONES.values():
        labs = [
            colour.XYZ_to_Lab(colour.RGB_to_XYZ(np.clip(cones @ linear(srgb), 0, 1), "sRGB")) for srgb in (one, other)
        ]
        differences.append(float(colour.delta_E(*labs, method="CIE 2000")))
    return min(differences)


def contrast(one: Triplet, other: Triplet) -> float:
    dark, light = sorted(float(linear(srgb) @ (0.2126, 0.7152, 0.0722)) for srgb in (one, other))
    return (light + 0.05) / (dark + 0.05)


def shown(colour_code: str, system: ColorSystem) -> Triplet:
    return parts(Color.parse(colour_code).downgrade(system).get_truecolor())


def grounds(theme: str) -> list[str]:
    chosen = THEMES[theme]
    return [ground for ground in (chosen.background, chosen.surface, chosen.panel) if ground] + [
        chosen.variables["selected-row"]
    ]


def of_terminal(theme: str, palette: str) -> dict[str, Triplet]:
    """Return the meaning colours of a theme as a terminal shows them; none of what has the colour of all text."""
    codes = PALETTES[palette].split()
    found: dict[str, Triplet] = {}
    for name in MEANING:
        _, _, code = str(getattr(THEMES[theme], name)).partition("ansi_")
        if code != "default":
            bright = code.startswith("bright_")
            place = ANSI.index(code.removeprefix("bright_")) + 8 * bright
            found[name] = parts(Color.parse(f"#{codes[place]}").get_truecolor())
    return found


@pytest.mark.parametrize("system", [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT], ids=["all colours", "256 colours"])
@pytest.mark.parametrize("theme", [name for name in THEMES if name not in OF_TERMINALS])
class TestAThemeOfItsOwnColours:
    def test_any_two_meanings_are_told_apart_by_everybody(self, theme: str, system: ColorSystem) -> None:
        colours = {name: shown(getattr(THEMES[theme], name), system) for name in MEANING}
        for one, other in itertools.combinations(MEANING, 2):
            assert difference(colours[one], colours[other]) >= LEAST_DIFFERENCE, (one, other)

    def test_text_is_read_on_every_ground(self, theme: str, system: ColorSystem) -> None:
        for name, ground in itertools.product((*MEANING, "foreground"), grounds(theme)):
            text = getattr(THEMES[theme], name)
            assert contrast(shown(text, system), shown(ground, system)) >= LEAST_CONTRAST, (name, ground)

    def test_dim_text_is_read_as_well(self, theme: str, system: ColorSystem) -> None:
        for ground in grounds(theme):
            bottom, top = (np.array(Color.parse(code).get_truecolor()) for code in (ground, THEMES[theme].foreground))
            dim = "#" + "".join(f"{int(part):02x}" for part in bottom + (top - bottom) * DIM)
            assert contrast(shown(dim, system), shown(ground, system)) >= LEAST_CONTRAST, ground


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("theme", OF_TERMINALS)
class TestAThemeOfTheTerminal:
    def test_any_two_meanings_with_a_colour_are_told_apart_by_everybody(self, theme: str, palette: str) -> None:
        colours = of_terminal(theme, palette)
        for one, other in itertools.combinations(colours, 2):
            assert difference(colours[one], colours[other]) >= LEAST_DIFFERENCE, (one, other)
