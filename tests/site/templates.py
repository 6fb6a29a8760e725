"""A page of each template."""

CHAPTER = "anatomy-of-a-broken-pipeline/silent-success/"
LAB = "labs/break-it-eight-ways/"
TEMPLATES = {
    "home": "",
    "track": "tracks/pipeline-failure-modes/",
    "course": "anatomy-of-a-broken-pipeline/",
    "chapter": CHAPTER,
    "glossary": "glossary/",
    "term": "glossary/silent-success/",
    "false friend": "glossary/task/",
    "across tools": "glossary/across-tools/",
    "false friends": "glossary/false-friends/",
    "diagnose": "diagnose/",
    "symptom": "diagnose/all-green-but-the-dashboard-is-zero/",
    "re-run": "diagnose/safe-to-re-run/",
    "labs": "labs/",
    "lab": LAB,
    "search": "search/",
    "rules": "contribute/rules/",
    "reference": "reference/miniorch/",
    "tags": "tags/",
    "not found": "404.html",
}
LONG = {"glossary on paper": "glossary/print/"}  # all terms: axe takes a minute for each look
