"""What the documentation shows is what happens: docstrings, types and notebooks."""

import doctest
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import depeche

CRATE = Path(__file__).resolve().parents[1]
ROOT = CRATE.parents[1]
MODULES = ("depeche", "depeche._errors", "depeche._nlp", "depeche._record", "depeche._tables")
NOTEBOOKS = sorted((CRATE / "examples").glob("*.ipynb"))


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings_run(name):
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert not failed
    assert tried or name == "depeche"


def test_types_hold(tmp_path):
    pytest.importorskip("mypy")
    use = tmp_path / "use.py"
    use.write_text(
        "import depeche\n"
        "nlp = depeche.load('fr')\n"
        "record = nlp('Il pleut.', published='2025-02')\n"
        "for said in record.statements:\n"
        "    reveal_type(said.kind)\n"
        "    reveal_type(said.speaker)\n"
        "for found in nlp.pipe(['Il pleut.'], on_error='raise'):\n"
        "    reveal_type(found)\n"
        "nlp(3)\n",
        encoding="utf-8",
    )
    mypy = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")]
    cache = ["--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(
        [*mypy, *cache, str(use)], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    out = done.stdout
    assert "Literal['direct'" in out and "'scare']" in out, out
    assert "depeche._record.Speaker | None" in out, out
    assert "depeche._record.Record" in out, out
    # The one error is the one that is meant.
    assert out.count("error:") == 1 and 'has incompatible type "int"' in out, out
    sources = Path(depeche.__file__).parent
    own = [path for path in sorted(sources.glob("*.py")) if not path.name.startswith("spa")]
    done = subprocess.run(
        [*mypy, *cache, *map(str, own)], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_public_name_is_documented():
    for name in depeche.__all__:
        thing = getattr(depeche, name)
        if isinstance(thing, type) or callable(thing):
            assert thing.__doc__, name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run(path):
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    for library in json.loads(path.read_text(encoding="utf-8"))["metadata"].get("needs", []):
        pytest.importorskip(library)
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not any(o.output_type == "error" for o in cell.outputs)
