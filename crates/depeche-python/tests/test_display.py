"""Notebooks: articles come from anywhere, and what they hold is never taken for HTML."""

from html.parser import HTMLParser

ALLOWED = {"div", "span", "table", "thead", "tbody", "tr", "th", "td"}
EVIL = (
    "« <script>alert(1)</script> \"onmouseover='x' & </div><img src=x onerror=y> », a déclaré "
    "la ministre <b>Anne Ferrand</b>. Les troupes <style>*{display:none}</style> ont attaqué la "
    "ville mardi.\n\n« Nous refusons », a dit M. \"><svg onload=z> Ferrand."
)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.attributes = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_what_articles_hold_is_escaped(nlp):
    record = nlp(EVIL, title="<script>", outlet="<script>")
    assert record.statements
    tags = Tags()
    tags.feed(record._repr_html_())
    assert not tags.open
    assert tags.attributes <= {"style", "title", "lang", "scope"}
    assert EVIL in tags.text


def test_the_text_is_whole_and_its_evidence_lit(nlp, articles):
    for record in nlp.records(articles):
        tags = Tags()
        tags.feed(record._repr_html_())
        assert record.text in tags.text
        for said in record.statements:
            assert said.id in tags.text
