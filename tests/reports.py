"""Reports made by hand, for the tests of reporters."""
from __future__ import annotations

from artifactscan.model import DocumentReport, Evidence, Finding, Report, Skipped

# What a text, a path, an original or a note may hold, to the harm of a careless reporter.
HOSTILE = "\"'</script><!--<script>alert(1)</script>\0\ud800\udc80\u202eabc\u2028|`` `<b onmouseover=x>@all #1 %0A::error::x\x85[x](y) \x1b[31m"


def finding(text: str, excerpt: str, *, sure: float = 3.0, rule: str = "known-phrase", **more: object) -> Finding:
    """A finding of an excerpt in a text, placed as `scan` places it; `sure` is the evidence in nats."""
    start = text.index(excerpt)
    end = start + len(excerpt)
    made = Finding(
        rule, start, end, ("original",), (Evidence("slip", sure, "a note"), Evidence("document", -0.5, "by the rest")),
        line=text.count("\n", 0, start) + 1, column=start - text.rfind("\n", 0, start), excerpt=excerpt, context=excerpt, fingerprint=f"{start:016x}",
        end_line=text.count("\n", 0, end) + 1, end_column=end - text.rfind("\n", 0, end),
    )  # fmt: skip
    return made._replace(**more)


def document(path: str, text: str, *findings: Finding, probability: float = 0.5) -> DocumentReport:
    verdict = "spun" if probability >= 0.95 else "suspect" if probability >= 0.5 else "clean"
    return DocumentReport(path, max(60, len(text.split())), verdict, probability, findings, text, text)


def report(*documents: DocumentReport, skipped: tuple[Skipped, ...] = ()) -> Report:
    return Report("1.0", "abcdef", documents, skipped)


def hostile() -> Report:
    """Everything that comes from outside is HOSTILE; one document has no lines, two findings share a fingerprint."""
    text = f"First {HOSTILE} line\r\nand ={HOSTILE}\nmore\n\n\n@end of it"
    notes = (Evidence("slip", 1.0, HOSTILE), Evidence("document", -2.0, HOSTILE))
    outside = {"originals": (HOSTILE, f"={HOSTILE}"), "evidence": notes, "context": f"a {HOSTILE} b", "context_start": 2, "fingerprint": "0" * 16}
    first = finding(text, HOSTILE, **outside)
    second = finding(text, f"={HOSTILE}\nmore\n\n\n@", rule="number-spacing", **outside)
    unlined = first._replace(line=0, column=0, place=f"page {HOSTILE}", quoted=True)
    return report(
        document(f"a/{HOSTILE}", text, first, second),
        document("-", text, unlined, probability=0.99),
        document("/absolute, a:b.txt", ""),
        skipped=(Skipped(f"/x/{HOSTILE}", HOSTILE),),
    )
