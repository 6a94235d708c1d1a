"""What is written with signs as words for the ear: a screen reader leaves out most signs, or gives them other names.

Formulas of a walk are read out by the notation `spoken`, from their trees. This is for the sentences around them, which
are text: notes, hints, verdicts.
"""

from __future__ import annotations

import re
import unicodedata

from ...engine.language.names import FUNCTIONS, NAME
from ...engine.rules.notation import INDEX
from ...engine.rules.number_text import SUPERSCRIPTS
from ...engine.rules.printers.spoken import FUNCTION_WORDS, entry_words
from ...engine.rules.printers.spoken import NOTATION as SPOKEN

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand for what is said of parentheses, until no signs are looked for any more."""

_KEPT = {ord("\ue003"): "(", ord("\ue004"): ")"}
"""Stand for the parentheses around an aside."""

_NAME = NAME.pattern + rf"(?:{INDEX})?"
_PART = rf"(?:{_NAME}|\((?:[^()]|\([^()]*\))*\))"
_RAISED = rf"[{SUPERSCRIPTS}]*"
_DERIVATIVE = re.compile(rf"∂{_RAISED}{_PART}/(?:∂{_PART}{_RAISED})+")
_ASCII_DERIVATIVE = re.compile(rf"\bd({_NAME})/d({_NAME})")
_POWER_OF_TEN = re.compile(r"(\d(?:\.\d+)?)e([+-]?\d+)\b")
_POWERS = str.maketrans(SUPERSCRIPTS + "⁻", "0123456789-")
_RAISED_RUN = re.compile(rf" ?([⁻]?[{SUPERSCRIPTS}]+)")
_CARET = re.compile(r" ?\^ ?(-?\d+(?:\.\d+)?|\w)(?![\w.]*\w)")
_ENTRY = re.compile(rf"(?<=\w){INDEX}")
_DOTTED = re.compile("(\\w)\u0307(\\d*)")
_INNERMOST = re.compile(rf"(?P<name>(?:{NAME.pattern})?)\((?P<inside>[^()]*)\)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_OPERATOR = re.compile(r"[·*/+^=≈√⁰¹²³⁴⁵⁶⁷⁸⁹]|\s-\s|(?<=[\w)])-(?=[\w(])")
_CAPITAL = re.compile(r"(?<![\w'’])(?<!capital )([B-HJ-Z])(\d*)(?![\w'’])")
_SHAPE = re.compile(r"\b\d+(?:-\d+){2,}\b")
_GREEK = re.compile(r"[\u0370-\u03ff]")

_SIGNS = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\+=", " grows by "),
        (r" *(?:←|<-) *", " becomes "),
        (r" *(?:→|->) *", " to "),
        (r"≈", " is about "),
        (r"≤|<=", " is at most "),
        (r"≥|>=", " is at least "),
        (r"≠|!=", " is not "),
        (r"(?<=\s)<(?=\s)", " is less than "),
        (r"(?<=\s)>(?=\s)", " is more than "),
        (r"=", " equals "),
        (r"[·×∙]", " times "),
        (r"(?<=[\w)\ue001])\s?\*\s?(?=[\w(\ue000-])", " times "),
        (r"±", " plus or minus "),
        (r"(?<![\w])√ ?", "the square root of "),
        (r"√ ?", " times the square root of "),
        (r"\|([^|]{1,40})\|", r"the absolute value of \1"),
        (r"∞", " infinity "),
        (r"(?:the sum of )?[Σ∑] ?(?:of )?", " the sum of "),
        (r"∂", " the derivative of "),
        (r"(?<![\w)\ue001'-])[-−](?=[\w(\ue000.])", " minus "),
        (r"\s[-−]\s", " minus "),
        (r"(?<=[\d)\ue001])[-−](?=[\w(\ue000])", " minus "),
        (r"(?<![^\W\d_])(?<=[^\W\d_])[-−](?=\d)", " minus "),
        (r"(?<=\b[^\W\d_])[-−](?=[^\W\d_]\b)", " minus "),
        (r"(?<![+\w])\+(?=[\w(\ue000])", " plus "),
        (r"\s\+\s|(?<=[\w)\ue001])\+(?=[\w(\ue000])", " plus "),
        (r"(?<=[\d)\ue001])\s?/\s?(?=[\w(\ue000])|(?<=\w)\s?/\s?(?=[\d(\ue000])|(?<=\w)\s/\s(?=\w)", " over "),
        (r"(?<=\b[^\W\d_])/(?=\w)|(?<=\w)/(?=[^\W\d_]\b)", " over "),
        (r"(?<=\b[^\W\d_]\d)/(?=\w)", " over "),
        (r"[`✓⚠]", ""),
        (r"✗", "not right:"),
        (r" ?[–—] ", ", "),
    )
]


def read_aloud(text: str) -> str:
    """Write the signs of a sentence as words; what has none stays as it is.

    >>> read_aloud("∂f/∂s = -1/s² ≈ -0.1111")
    'the derivative of f by s equals minus 1 over s squared is about minus 0.1111'
    """
    if text.isascii() and not _HAS_SIGNS.search(text):
        return _CAPITAL.sub(r"capital \1\2", text)
    text = _DOTTED.sub(r"\1\2 dot", unicodedata.normalize("NFD", text))
    text = unicodedata.normalize("NFC", text).replace("˙", " dot")
    text = _DERIVATIVE.sub(lambda found: _derivative(found[0]), text)
    text = _ASCII_DERIVATIVE.sub(lambda found: SPOKEN.derivative(SPOKEN.label(found[1]), SPOKEN.label(found[2])), text)
    text = _POWER_OF_TEN.sub(
        lambda found: f"{found[1]} times ten to the power {SPOKEN.number(str(int(found[2])))}", text
    )
    before = ""
    while before != text:
        before, text = text, _INNERMOST.sub(_parentheses, text)
    text = _RAISED_RUN.sub(lambda found: _power(found[1].translate(_POWERS)), text)
    text = _CARET.sub(lambda found: _power(found[1]), text).replace("^", " to the power ")
    text = _ENTRY.sub(lambda found: entry_words(found[0]), text)
    text = _SHAPE.sub(lambda found: found[0].replace("-", " by "), text)
    for pattern, words in _SIGNS:
        text = pattern.sub(words, text)
    text = _CAPITAL.sub(r"capital \1\2", _GREEK.sub(lambda found: SPOKEN.label(found[0]), text))
    text = re.sub(r"(?<=\w)_(?=\w)", " ", text)
    text = text.translate(_KEPT)
    text = text.replace(_OPEN, " open parenthesis ").replace(_CLOSE, " close parenthesis ")
    return re.sub(r" +([,.;:?!)])", r"\1", re.sub(r"  +", " ", text)).strip()


_HAS_SIGNS = re.compile(r"[^\w\s,.;:?!'\"-]|(?<![a-zA-Z])-|-(?![a-zA-Z])|_")


def _derivative(text: str) -> str:
    """Read out a derivative; where it is one of a formula, or cannot be read as a name, its parts one by one."""
    above, _, below = text[1:].partition("/∂")
    if above.startswith("(") and _OPERATOR.search(above):
        return SPOKEN.derivative(f"{_OPEN}{above[1:-1]}{_CLOSE}", SPOKEN.label(below))
    said = SPOKEN.label(text)
    return SPOKEN.derivative(above.strip("()"), below.strip("()")) if said == text or "∂" in said else said


def _parentheses(found: re.Match[str]) -> str:
    """Say what a pair of parentheses does: arguments of a function, a number, a formula, or an aside, which stays."""
    name, inside = found["name"], found["inside"]
    is_call = name in FUNCTIONS or (bool(name) and len(name) <= 2 and not _prose(inside))
    simple = not _OPERATOR.search(inside.strip().lstrip("-")) and _OPEN not in inside
    if is_call:
        words = FUNCTION_WORDS.get(name, f"{name} of")
        parts = [part.strip() for part in inside.split(",")]
        said = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return f"{words} {said}" if simple else f"{words} {_OPEN}{said}{_CLOSE}"
    if _prose(inside):
        return f"{name}\ue003{inside}\ue004"
    return f"{name}{inside}" if simple else f"{name}{_OPEN}{inside}{_CLOSE}"


def _prose(inside: str) -> bool:
    """Say whether what stands in parentheses is words, and no formula."""
    words = [word for word in _WORD.findall(inside) if word not in FUNCTIONS and word not in _SAID]
    return bool(words) and not (_OPERATOR.search(inside) and len(words) < 2)


_SAID = frozenset({word for words in FUNCTION_WORDS.values() for word in words.split()} | {"derivative"})


def _power(exponent: str) -> str:
    shown = {"2": "squared", "3": "cubed"}.get(exponent)
    return f" {shown}" if shown else f" to the power {SPOKEN.number(exponent)}"
