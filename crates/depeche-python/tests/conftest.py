"""What the tests share."""

import json
import os
import shutil
from pathlib import Path

import pytest

import depeche

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def nlp() -> depeche.Nlp:
    return depeche.load("fr")


@pytest.fixture(scope="session")
def articles() -> list[dict]:
    """The demo articles."""
    lines = (ROOT / "articles" / "demo.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def command() -> str:
    """The command `depeche`, of the same build."""
    found = os.environ.get("DEPECHE") or shutil.which("depeche")
    if not found:
        pytest.skip("no command `depeche`: set DEPECHE to its path")
    return found
