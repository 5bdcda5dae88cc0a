"""The component of spaCy."""

from importlib.metadata import PackageNotFoundError, distribution

import pytest

spacy = pytest.importorskip("spacy")

try:
    distribution("depeche")
except PackageNotFoundError:  # laid out, not installed: spaCy cannot know of it
    import depeche.spacy  # noqa: F401


def test_the_record_is_on_the_doc(nlp, articles):
    pipeline = spacy.blank("fr")
    pipeline.add_pipe("depeche")  # found by spaCy itself
    doc = pipeline(articles[0]["text"])
    assert doc._.depeche == nlp(articles[0]["text"])
    assert doc._.statements == nlp(articles[0]["text"]).statements
    said = doc._.statements[0]
    span = doc.char_span(*said.span, alignment_mode="expand")
    assert said.text.split()[0] in span.text
    assert doc._.events and doc._.positions == nlp(articles[0]["text"]).positions


def test_what_is_known_goes_along(articles):
    pipeline = spacy.blank("fr")
    pipeline.add_pipe("depeche", config={"published": "2020"})
    doc = pipeline.make_doc("Le pont a rouvert mardi.")
    doc.user_data["published"] = "2024-05-16"
    assert pipeline(doc)._.times[0].value == "2024-05-14"
    assert pipeline("Le pont a rouvert.")._.depeche.article.published == "2020"
    assert pipeline.make_doc("Rien.")._.statements == ()
