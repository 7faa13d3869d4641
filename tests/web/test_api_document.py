"""What the guide to the API shows works as it stands there."""

from __future__ import annotations

import re
import shlex
from string import Template

from django.test import Client
from tests.tidy.sources import ROOT
from tests.web.everything import OWN, one_of_everything
from tests.web.test_api import TOKENS, ask, tokens

GUIDE = ROOT / "docs/api.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
VALUED = {"-X", "-H", "-d", "-o", "--data-binary"}
assert tokens, "a fixture of the API's own tests"


def commands() -> list[list[str]]:
    """Every command of the guide, one list of words each."""
    text = "\n".join(BLOCK.findall(GUIDE.read_text(encoding="utf-8"))).replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line.strip()]


def run(words: list[str], known: dict[str, str], files: dict[str, bytes]):
    """The request that curl would send."""
    given = [Template(word).substitute(known) for word in words[1:]]
    options, rest = [], []
    while given:
        word = given.pop(0)
        (options.append((word, given.pop(0))) if word in VALUED else rest.append(word))
    named = dict(value.split(": ", 1) for option, value in options if option == "-H")
    body = next((value for option, value in options if option in ("-d", "--data-binary")), "")
    content = files[body[1:]] if body.startswith("@") else body.encode()
    (address,) = rest
    client = Client(headers={name: value for name, value in named.items() if name != "Content-Type"})
    if ("-X", "POST") in options:
        return client.post(address, content, content_type=named.get("Content-Type", "application/octet-stream"))
    return client.get(address)


def test_every_command_of_the_guide_answers(tokens):
    world = one_of_everything()
    answer = ask(OWN, "/api/lines/LN-204800/agreement").json()
    receipt = ask(OWN, f"/api/payments/{world[OWN]['run']}").json()["receipts"][0]["receipt_id"]
    known = {
        "ALMONER": "", "TOKEN": TOKENS[OWN], "VERSION": str(answer["version"]), "RUN": world[OWN]["run"], "RECEIPT": receipt,
        "HOLD": world[OWN]["hold"], "UPLOAD": "?", "QUERY": "?",
    }  # fmt: skip
    files = {"rota.csv": b"line_id,date,start_time,delivered_minutes\nLN-204417,2026-06-03,08:00,45\nLN-999999,2026-06-03,08:00,45\n"}
    done = commands()
    assert len(done) > 20 and all(words[0] == "curl" for words in done)
    for words in done:
        answer = run(words, known, files)
        assert answer.status_code == 200, (words, answer.content[:300])
        if words[-1].endswith("name=rota.csv"):
            known["UPLOAD"] = str(answer.json()["upload"])
        if words[-1].endswith("/ask"):
            known["QUERY"] = answer.json()["query"]


def test_the_document_describes_every_address_parameter_and_field(office):
    from almoner.office.api.api import api

    document = api.get_openapi_schema()
    bare = [
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if not told.get("description") or not {"401"} <= set(map(str, told["responses"]))
    ]
    assert not bare and len(document["paths"]) > 25
    undescribed = [name for name, shape in document["components"]["schemas"].items() if not shape.get("description")]
    assert not undescribed
    writes = [told for methods in document["paths"].values() for method, told in methods.items() if method == "post"]
    assert all(any(one["name"] == "Idempotency-Key" and one["required"] for one in told["parameters"]) for told in writes)
