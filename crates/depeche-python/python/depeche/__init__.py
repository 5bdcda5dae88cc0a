"""depeche reads press articles, French first, and writes a sourced record: who said what, who did
what to whom, what each actor's position is, when and where. Every field traces to the characters it
came from.

>>> import depeche
>>> nlp = depeche.load("fr")
>>> record = nlp(
...     "La Norvège va fermer deux ports, a annoncé mardi le Premier ministre.",
...     published="2024-05-16",
... )
>>> said = record.statements[0]
>>> said.text, said.speaker.text
('La Norvège va fermer deux ports', 'le Premier ministre')
>>> record.times[0].value
'2024-05-14'

Reading is a pure function: the same article gives the same bytes, on any number of threads, in the
command line and on a cluster. No network is asked for anything.
"""

from depeche._depeche import LANGUAGES, SCHEMA, TABLES, VERSION
from depeche._errors import ArticleError, DepecheError, Problem, RecordError, RulesError
from depeche._nlp import Nlp, load
from depeche._record import (
    Actor,
    Article,
    Block,
    Wire,
    Cue,
    Event,
    Mention,
    Place,
    Position,
    Record,
    Role,
    Run,
    Span,
    Speaker,
    Statement,
    Time,
    Warning,
)
from depeche._tables import Records, Table

__version__ = VERSION

__all__ = [
    "LANGUAGES",
    "SCHEMA",
    "TABLES",
    "Actor",
    "Article",
    "ArticleError",
    "Block",
    "Wire",
    "Cue",
    "DepecheError",
    "Event",
    "Mention",
    "Nlp",
    "Place",
    "Position",
    "Problem",
    "Record",
    "RecordError",
    "Records",
    "Role",
    "RulesError",
    "Run",
    "Span",
    "Speaker",
    "Statement",
    "Table",
    "Time",
    "Warning",
    "load",
]
