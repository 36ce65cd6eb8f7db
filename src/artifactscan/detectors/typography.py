"""Typography: the spacing that a spinner's tokeniser leaves behind.

Text is taken apart into tokens, words are swapped, and the tokens are put together wrongly: "has n't", "totaling$ 240",
"on” the state".  Everything here is judged by the spacing around a mark, never by counting pairs, and against the
document's own habits: what a text does throughout is its style.

Start reading at `APART`; quotation marks, which need their neighbours, come after.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from artifactscan.model import Evidence, Finding, logit
from artifactscan.text import Passage

HABIT = 3  # so often without the correct form beside it, and it is the document's style
HABIT_NATS = -4.0
HABIT_SAMPLE = 100_000  # code points in which a habit shows


class Pattern(NamedTuple):
    """A slip that one regular expression finds.

    `sign` (one of several strings) is what every match holds and few texts do: it is looked for first, and only then is the pattern
    compiled.  `mend` rewrites the match as it should stand; `usual` matches the correct form, for telling a slip from a habit.
    """

    rule: str
    reliability: float  # probability that a match in an unknown text is a machine's slip
    tell: float
    sign: tuple[str, ...]
    pattern: str
    mend: Callable[[re.Match[str]], str]
    usual: str | None
    why: str


def _closed(match: re.Match[str]) -> str:
    """The match without its spaces."""
    return re.sub(r"\s", "", match[0])


def _contracted(match: re.Match[str]) -> str:
    """The match without its spaces, the apostrophe the right way round."""
    return _closed(match).replace("‘", "’")


def _regrouped(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2]}"


PREPOSITIONS = "by|to|of|at|from|in|than|about|over|nearly|around|almost|under"
APOSTROPHE = "['’‘]"
PRONOUNS = "I|you|he|she|it|we|they|that|there|who|what"
COMMANDS = "start|stop|status|reload|enable|disable|on|off|yes|no|true|false|add|remove|get|set|list|show|up|down|install|build"  # a manual gives these as choices
COUNTED = "(?:(?:[mbt]r?illion|year|month|day|hour|minute)s?|percent|people)"
APART = (  # in every match a space is STRAY
    Pattern(
        "detached-contraction", 0.93, 2.4,
        (" n't", " n’t", " n‘t", "n 't", "n ’t", "n ‘t", "' t", "’ t", "‘ t"),
        rf"(?i)\b(?:has|have|had|is|are|was|were|do|does|did|ca|could|wo|would|sha|should|must|need|might|ai|dare)(?: n ?{APOSTROPHE} ?t|n {APOSTROPHE} ?t|n{APOSTROPHE} t)\b",
        _contracted, r"[a-z]n['’]t\b", "a contraction is written in one word; a tokeniser splits it",
    ),
    Pattern(
        "detached-contraction", 0.9, 2.4,
        (" '", " ’", " ‘", "' ", "’ "),
        rf"(?i)\b(?:{PRONOUNS})(?: {APOSTROPHE}|['’] )(?:ll|re|ve|d|m|s)(?= [a-z])",
        _contracted, r"[a-z]['’](?:ll|re|ve|d|m)\b", "a contraction is written in one word; a tokeniser splits it",
    ),
    Pattern(
        "detached-contraction", 0.7, 1.5,
        ("n t ", "t s ", "e s "),
        r"(?i)\b(?:do|does|did|is|are|was|were|has|have|had|wo|ca|could|would|should)n t\b|\b(?:it|she|he|there) s(?= [a-z]{2})",
        lambda m: m[0].replace(" ", "’"), r"[a-z]['’](?:t|s)\b", "a contraction has lost its apostrophe",
    ),
    Pattern(
        "detached-contraction", 0.85, 2.2,
        (" 's ", " ’s ", "' s ", "’ s "),
        rf"(?<![\w'’‘])(?!(?i:{PRONOUNS})\b)[^\W\d_]{{2,}}(?: ['’]|['’] )s(?= [^\W\d_])",
        _closed, r"[a-z]['’]s\b", "the possessive 's belongs to its word; a tokeniser splits it",
    ),
    Pattern(
        "detached-contraction", 0.85, 2.2,
        ("on na ", "an na ", "ot ta ", "' clock", "’ clock"),
        r"(?i)\b(?:gon|wan) na\b|\bgot ta\b|\bo ?['’] clock\b",
        _closed, None, "a word is taken apart; a tokeniser does that",
    ),
    Pattern(
        "adrift-apostrophe", 0.9, 2.4,
        (" ‘ ", " ' ", " ’ "),
        r"(?<![\w'’‘])[^\W\d_]{2,}(?: [‘’]|(?<=s) ')(?= (?!(?:or|and|to|for|is|in|with)\b)[^\W\d_])",
        lambda m: m[0].replace(" ", "")[:-1] + "’", None, "an apostrophe stands with a space on both sides; it belongs to the word before it",
    ),
    Pattern(
        "number-spacing", 0.85, 1.8,
        ("$ ", "£ ", "¥ ", "₹ "),
        r"(?m)(?<!^)(?<!  )(?<![\w$€£\\])[$£¥₹] \d[\d,.]*(?<=\d)(?!\d)(?! ?\d+[sd]\.)(?![^\n$]{0,60} ?\$(?!\d| \d))",
        _closed, r"(?<!\w)[$€£¥₹]\d", "the currency sign stands off from its figure",
    ),
    Pattern(
        "number-spacing", 0.4, 0.8,  # Dutch and other European writers set it so
        ("€ ",),
        r"(?<![\w$€£\\])€ \d[\d,.]*(?<=\d)",
        _closed, r"(?<!\w)€\d", "the currency sign stands off from its figure",
    ),
    Pattern(
        "number-spacing", 0.4, 1.0,
        (" %",),
        r"(?<![\w.,$])\d[\d,.]* %(?!\w)",
        _closed, r"\d%", "a space stands before the percent sign",
    ),
    Pattern(
        "number-spacing", 0.75, 1.8,
        (" .", " ,", ", 000"),
        r"(?:(?<![\w.,])0|(?<= (?:of|by|to|at) )\d|(?<= than )\d|(?<=[=<>~±$] )\d) \.\d+\b(?!\.)|(?<![\w.,])(?<!\d, )[1-9]\d{0,2}(?: ,\d{3}| ?, 000)\b(?!, ?\d)",
        _closed, r"\d\.\d", "a space splits a number",
    ),
    Pattern(
        "number-spacing", 0.6, 1.5,
        (". ",),
        r"[$€£]\d\. \d+(?= [mbt]r?illion)|\d(?:(?<= (?:of|by|to|at) \d)|(?<= than \d)|(?<= about \d)|(?<=[=<>≈~] \d))\d{0,2}\. \d+(?= [a-z]|%|\))|\d(?<=[a-z] \d)\d?\. \d+(?=%| percent| per cent)",
        _closed, r"\d\.\d", "a space splits a number",
    ),
    Pattern(
        "number-spacing", 0.4, 1.2,
        (": ", " :"),
        r"(?:(?<=\bat )|(?<=\bby )|(?<=\bto )|(?<=\bfrom )|(?<=\buntil ))\d\d?(?:: | : ?)[0-5]\d\b(?! ?:)|(?<![\w.,:/-])\d\d?(?:: | : ?)[0-5]\d(?= ?[ap]\.?m\b)",
        _closed, r"\d:\d", "a space splits a time of day",
    ),
    Pattern(
        "number-spacing", 0.4, 1.2,
        ("- ",),
        r"(?<![\w^.])(?<!and )(?<!or )(?<!to )\d+- (?!(?:and|or|to|und|versus|through|plus|but|not)\b)[a-z]{3,}",
        _closed, r"\d-[a-z]", "a hyphen stands off from its second word",
    ),
    Pattern(
        "number-spacing", 0.45, 1.2,
        (" -",),
        r"(?<![\w^.,])\d+ - ?(?:year|month|week|day|hour|minute|mile|foot|point|page|member|seat|man|strong|storey|inch|metre|meter)\b",
        _closed, r"\d-[a-z]", "a hyphen stands off from its words",
    ),
    Pattern(
        "number-spacing", 0.6, 1.5,
        ("0 s ",),
        r"(?:(?<=[Tt]he )|(?<=[Ee]arly )|(?<=[Ll]ate )|(?<=mid-))(?:1[5-9]|20)\d0 s(?= (?!exposure|run|window|interval|pulse|integration)[a-z])",
        _closed, r"\d0s\b", "the ending of a decade stands off from its figure",
    ),
    Pattern(
        "number-spacing", 0.45, 1.5,
        (" st", " nd", " rd", " th"),
        r"(?<![\w.,$])\d{0,2}(?:(?<!1)(?:1 st|2 nd|3 rd)|(?:[04-9]|1[1-3]) th)(?= (?!(?:at|in|before|since|each|and)\b)[a-z]|[.,;)])",
        _closed, r"\d(?:st|nd|rd|th)\b", "an ordinal's ending stands off from its figure",
    ),
    Pattern(
        "number-spacing", 0.4, 1.2,
        (" a. m.", " p. m."),
        r"\b(?<=\d )[ap]\. m\.",
        _closed, r"\b[ap]\.?m\b", "a space splits an abbreviation",
    ),
    Pattern(
        "space-before-punctuation", 0.2, 0.8,
        (" ,", " ;", " ."),
        r" [,;.](?<=[^\W\d_\"”’)] [,;.])(?=\s|$|[A-Z][a-z])| \.(?<=\d \.)(?= [A-Z])",
        _closed, r"\w[,;.](?=\s|$)", "a space stands before the mark",
    ),
    Pattern(
        "space-before-punctuation", 0.2, 0.8,
        (" ?", " !"),
        r" [?!](?<=[a-z] [?!])(?=$|\n| [A-Z\"“])",
        _closed, r"\w[?!](?=\s|$)", "a space stands before the mark",
    ),
    Pattern(
        "space-before-punctuation", 0.4, 1.2,
        (' ",', ' ".', " ”,", " ”.", "“ "),
        r"(?<=[^\W\d_]) [\"”][,.](?=\s|$)|(?<=\s)“ (?=[^\W\d_])",
        _closed, r"\w[\"”]", "a space stands inside a quotation mark",
    ),
    Pattern(
        "space-before-punctuation", 0.2, 0.8,
        ("( ", " )"),
        r"(?<= )\( (?=[^\W\d_]{2})|(?<=[^\W\d_]{2}) \)(?=[\s,.;])",
        _closed, r"\(\w", "a space stands inside a bracket",
    ),
)
TOGETHER = (  # something in every match is GLUED
    Pattern(
        "number-spacing", 0.93, 2.2,
        ("$", "€", "£"),
        r"(?<![\w$€£\\])(?!(?:[A-Z]{1,3}[$€£]|[A-Z][a-z]{1,4}[$€£]\d))[^\W\d_]{2,}[$€£] ?\d(?:[\d,.]*\d)?",
        lambda m: re.sub(r"([$€£]) ?", r" \1", m[0]), r" [$€£]\d", "the currency sign sticks to the word before it",
    ),
    Pattern(
        "number-spacing", 0.6, 1.5,
        ("rcent", "illion", "year", "month", "day", "hour", "minute", "people"),
        rf"(?<![\w.,$£€-])(\d[\d,.]*)({COUNTED})\b(?!-)",
        _regrouped, rf"\d {COUNTED}", "a figure and what it counts are run together",
    ),
    Pattern(
        "wrong-side-quote", 0.4, 1.2,
        ("“", "”"),
        r"[a-z]{2,}“[A-Za-z]+|[^\W\d_]+[.,!?]?”[A-Za-z]{2,}",
        lambda m: m[0].replace("“", " “").replace("”", "” "), r"[a-z] “[A-Za-z]", "a quotation mark is glued to a word outside of it",
    ),
    Pattern(
        "number-spacing", 0.75, 1.5,
        tuple("0123456789"),
        rf"(?<![\w/#@.-])({PREPOSITIONS})(\d[\d,.]*(?: ?%| percent| million| billion|(?<=\d{{3}})\b))(?![./]\w)",
        _regrouped, None, "a word and a figure are run together",
    ),
    Pattern(
        "spintax", 0.98, 4.0,
        ("|",),
        rf"(?<![{{\\$])\{{(?!(?:{COMMANDS})[|}}])[^\W\d_][\w '’-]{{1,60}}(?:\|[^\W\d_][\w '’-]{{0,60}})+\}}(?!\}})",
        lambda m: m[0][1:-1].split("|")[0], None, "an unresolved choice of a spinner's template",
    ),
)


STRAY = re.compile(  # a space that is one too many
    r" (?:[.,;?!%)'’‘\"”](?:(?<=[.,;?!%)])|(?<=['’‘])[ dmslrvt]|[.,])"  # before a mark
    r"|[nstrc0](?:[athd][ .,;)]|['’‘]t|lock(?<=['’] clock)|00)|[st] (?<=[nte0'’‘] [st] )|[:-](?<=\d [:-])"  # before what ends a word or a number
    r"|(?<=[$£€¥₹(“:.'’‘-] )(?:(?<=[(“] )|\d(?:(?<=[$£€¥₹] \d)|(?<=\d\. \d))|(?<=\d[:-] )|(?<=[a-z]['’‘] )[lrvdmst](?:(?<=[mstd])|[le]) |m(?<= [ap]\. m)))"  # after a mark
)
GLUED = re.compile(rf"[$€£0-9|“”](?:(?<=[a-z]“)|(?=[A-Za-z]{{2}})(?<=”)|(?<=[a-z][0-9])|(?={COUNTED})|(?<=\|)|(?= ?\d)(?<=[^\W\d_]{{2}}[$€£])(?<!\W[A-Z]{{2}}[$€£]))")  # one too few, or a template's bar


WRAPPED = re.compile(r"\n(?<=[^\n]{40}\n)(?<![^\n]{120}\n)(?<![.!?:”\"]\n)(?=[^\s-])")  # a line's end inside a sentence


def detect(passage: Passage) -> Iterator[Finding]:
    """Every slip of spacing in the passage."""
    text = WRAPPED.sub(" ", passage.text)
    for sign, slips in ((STRAY, APART), (GLUED, TOGETHER)):
        for slip in slips if sign.search(text) else ():
            for match in _matches(slip, text):
                evidence = [Evidence("slip", logit(slip.reliability), slip.why)]
                if _habitual(passage, slip):
                    evidence.append(Evidence("habit", HABIT_NATS, "the document writes it so throughout"))
                originals = tuple(match[0][1:-1].split("|")) if slip.rule == "spintax" else (slip.mend(match),)
                yield Finding(slip.rule, passage.offset + match.start(), passage.offset + match.end(), originals, tuple(evidence), slip.tell)
    yield from _quotes(passage, text)


def _matches(slip: Pattern, text: str) -> Iterator[re.Match[str]]:
    """The matches of a slip's pattern, if its sign is in the text."""
    return re.finditer(slip.pattern, text) if any(map(text.__contains__, slip.sign)) else iter(())


def _habitual(passage: Passage, slip: Pattern) -> bool:
    """Whether the whole text writes so throughout: several times, and rarely as it should be."""
    cache: dict[object, bool] = passage.whole.known
    if slip not in cache:
        text = WRAPPED.sub(" ", passage.whole.text[:HABIT_SAMPLE])
        slips = sum(1 for _ in _matches(slip, text))
        cache[slip] = slips >= HABIT and slip.usual is not None and slips >= len(re.findall(slip.usual, text)) / 2
    return cache[slip]


# Quotation marks.  A mark opens if only what is before it is a space, closes if only what is after it is one.

QUOTE = r"[\"“”]"
SUSPECT = {mark: rf"(?m){mark}(?:(?=\s[^\W\d_])(?:(?<=[\w\s(\[{{—–/‘'«-]{mark})|(?<=^{mark}))|(?=[a-z])(?<=[,?!] {mark}))" for mark in '"”'}  # one that may be misplaced
PARAGRAPH = r"[^\n]+"
OPENS, CLOSES, ADRIFT, INSIDE = "opens", "closes", "adrift", "inside"
QUOTE_RELIABILITY, QUOTE_TELL = 0.85, 1.8
BEFORE_OPENING = frozenset("([{—–-/‘'«")
WORD_BEFORE = {OPENS: r"[^\W_]+$", CLOSES: r"[^\W_]+[,?!]? $"}  # before a mark that should open, or close
WORD_AFTER = r" ?[^\W_]+"


def _kind(text: str, i: int) -> str:
    """What the spacing around the mark at i makes of it."""
    before = text[i - 1] if i else " "
    after = text[i + 1] if i + 1 < len(text) else " "
    free_before = before.isspace() or before in BEFORE_OPENING
    free_after = not after.isalnum() and after not in "$€£#@*_‘'([“"
    if free_before:
        return ADRIFT if after.isspace() else OPENS
    return CLOSES if free_after else INSIDE


def _quotes(passage: Passage, text: str) -> Iterator[Finding]:
    """Marks glued to the wrong word: an opening one that closes ("the helpful” no limits” pact") or stands adrift, a closing one that opens."""
    if not any(mark in text and re.search(suspect, text) for mark, suspect in SUSPECT.items()):
        return
    if "„" in text or "«" in text:
        return  # other languages' quotation marks, where ” or “ may do the opposite office
    for paragraph in re.finditer(PARAGRAPH, text):
        line = paragraph[0]
        marks = [(m.start(), m[0], _kind(line, m.start())) for m in re.finditer(QUOTE, line)]
        if not marks or sum(mark == "”" and kind == OPENS for _, mark, kind in marks) > 1:
            continue  # none, or a style that opens with ”
        is_open, shut = False, -1  # shut: a closing mark that is glued to the next word
        for n, (i, mark, kind) in enumerate(marks):
            following = marks[n + 1] if n + 1 < len(marks) else None
            if i == shut or (is_open and _shut_late(line, i, mark, kind, following)):
                yield _quote_finding(passage, paragraph.start(), line, i, CLOSES)
                is_open = False
            elif _misplaced(line, i, mark, kind, is_open, following):
                yield _quote_finding(passage, paragraph.start(), line, i, OPENS)
                is_open = True
                if following and following[2] == OPENS:
                    shut = following[0]
            elif kind == OPENS:
                is_open = True
            elif kind == CLOSES or mark == "”":
                is_open = False


def _misplaced(line: str, i: int, mark: str, kind: str, is_open: bool, following: tuple[int, str, str] | None) -> bool:
    """Whether the mark at i is an opening one on the wrong side."""
    if is_open or mark == "“" or not line[i + 1 : i + 2].isspace() or not line[i + 2 : i + 3].isalpha():
        return False
    if mark == '"' and i and line[i - 1].isdigit():
        return False  # inches, seconds of arc
    if kind == ADRIFT and mark == '"' and following is not None and following[1] == mark and following[2] == OPENS and line[following[0] + 1 :][:1].isalnum():
        return not line[:i].rstrip()[-1:].isdigit()  # both marks of a quotation have moved to the right
    closed_later = following is not None and following[2] == CLOSES and following[1] != "“"
    if kind == ADRIFT:
        return closed_later and (mark == "”" or i > 0)
    return kind == CLOSES and line[max(0, i - 2) : i].isalpha() and closed_later


def _shut_late(line: str, i: int, mark: str, kind: str, following: tuple[int, str, str] | None) -> bool:
    """Whether the mark at i, inside a quotation, closes it after a space: "he knows, "she said"."""
    return kind == OPENS and mark == '"' and line[i - 2 : i] in (", ", "? ", "! ") and line[i + 1 : i + 2].islower() and (following is None or following[2] == OPENS)


def _quote_finding(passage: Passage, shift: int, line: str, i: int, office: str) -> Finding:
    """The mark at i with its neighbours, mended to open or to close a quotation."""
    before = re.search(WORD_BEFORE[office], line[:i])
    after = re.match(WORD_AFTER, line[i + 1 :])
    start = before.start() if before else i
    end = i + 1 + (after.end() if after else 0)
    if office == OPENS:
        mended = f"{line[start:i]} {'“' if line[i] == '”' else line[i]}{line[i + 1 : end].lstrip()}".lstrip()
        why = f"an opening quotation mark {'is glued to the word before it' if before else 'stands apart from its word'}"
    else:
        mended = f"{line[start:i].rstrip()}{line[i]} {line[i + 1 : end]}"
        why = "a closing quotation mark is glued to the word after it"
    evidence = (Evidence("slip", logit(QUOTE_RELIABILITY), why),)
    offset = passage.offset + shift
    return Finding("wrong-side-quote", offset + start, offset + end, (mended,), evidence, QUOTE_TELL)
