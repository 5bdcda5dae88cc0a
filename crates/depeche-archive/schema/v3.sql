-- The form of an archive, version 2. Every number that stands for a word is the `id` of a row of
-- `word`; days are counted from 1600-01-01; stretches of text are Unicode code points, half-open
-- (`start` is the first, `stop` the first after it). Read it through the views of views.sql.
--
-- The id of an article holds its day (the first that its date of publication may mean) in the bits
-- above the 15th; that of an item the id of its article in those above the 14th. So the order of
-- ids is the order of dates, in every table and in the index of words, whatever came in first.
--
-- In `said`, `did`, `held` and `tally` a negative entity is a country (the word of its code, with a
-- minus): whoever belongs to it, taken together. So what a whole country says lies in order of date
-- in one place, as what one actor says does.

-- What the file says of itself.
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Words that come back: outlets, types, lemmas, rules, issues.
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- What made the records.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    tool TEXT NOT NULL, engine TEXT NOT NULL, options TEXT NOT NULL,
    UNIQUE (tool, engine, options)
);

-- Dictionaries of zstd, made from the first articles of this archive.
CREATE TABLE dictionary (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);

CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    identity BLOB NOT NULL,              -- 16 bytes of SHA-256 over text, outlet, url and key
    key TEXT,
    lang INTEGER NOT NULL,
    title TEXT,
    published TEXT,                      -- EDTF
    first INTEGER, last INTEGER,         -- days that it may mean
    outlet INTEGER, agency INTEGER, rights INTEGER,
    url TEXT,
    length INTEGER NOT NULL,             -- of the text, in code points
    run INTEGER NOT NULL,
    dispatch INTEGER NOT NULL,           -- the earliest article of which this is a copy; itself
    actors BLOB,                         -- entities: what lies between them, in order, as varints
    relation INTEGER                     -- what it is to that one: identical, shortened, extended, altered
);
CREATE UNIQUE INDEX article_identity ON article (identity);
CREATE INDEX article_copy ON article (dispatch) WHERE dispatch <> id;

-- The text and the record without its text, each a frame of zstd; the numbers say with which
-- dictionary (0: none).
CREATE TABLE body (
    article INTEGER PRIMARY KEY,
    text_dictionary INTEGER NOT NULL, text BLOB NOT NULL,
    record_dictionary INTEGER NOT NULL, record BLOB NOT NULL
);

-- Actors across articles. One that is not identified only gathers actors without a name who were
-- described in the same words: it is nobody in particular.
CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    hash INTEGER NOT NULL,               -- of its first name in lower case without accents
    name TEXT NOT NULL,
    country INTEGER,
    qid TEXT,
    identified INTEGER NOT NULL,
    root INTEGER NOT NULL                -- the entity that it was merged into; itself
);
CREATE INDEX entity_hash ON entity (hash);
CREATE INDEX entity_qid ON entity (qid) WHERE qid IS NOT NULL;
CREATE INDEX entity_country ON entity (country) WHERE country IS NOT NULL;
CREATE INDEX entity_merged ON entity (country, root) WHERE root <> id;

-- By which other names the press called them.
CREATE TABLE alias (
    hash INTEGER NOT NULL, entity INTEGER NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (hash, entity, name)
) WITHOUT ROWID;

-- Who occurs in which article. One without a name who has no part in anything stands in the
-- record only, as mentions do.
CREATE TABLE actor (
    entity INTEGER NOT NULL, article INTEGER NOT NULL,
    PRIMARY KEY (entity, article)
) WITHOUT ROWID;

-- Times stand in the record; what they say of statements and events stands with these.

CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL, kind INTEGER, country INTEGER, disputed INTEGER NOT NULL,
    geonames INTEGER, lat REAL, lon REAL
);
CREATE INDEX site_name ON site (name);

CREATE TABLE place (
    id INTEGER PRIMARY KEY,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, site INTEGER NOT NULL
);

-- `same` is the earliest statement of the same dispatch with the same words and speaker: null for
-- that one itself, so that `same IS NULL` counts every utterance once.
CREATE TABLE statement (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    cue INTEGER, class INTEGER,
    start INTEGER NOT NULL, stop INTEGER NOT NULL,
    content TEXT NOT NULL,
    speakers, about, addressees,         -- entities: 12, or '12,45'
    first INTEGER, last INTEGER,         -- when it was said; null when the text does not say
    confidence INTEGER NOT NULL,         -- per cent
    nested INTEGER,                      -- the statement that it is part of
    same INTEGER
);
CREATE INDEX statement_same ON statement (same) WHERE same IS NOT NULL;

-- Who has a part in which statement: 1 speaker, 2 about, 3 addressee.
CREATE TABLE said (
    entity INTEGER NOT NULL, role INTEGER NOT NULL, statement INTEGER NOT NULL,
    copy INTEGER NOT NULL,
    PRIMARY KEY (entity, role, statement)
) WITHOUT ROWID;

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    type INTEGER NOT NULL, mode INTEGER, cameo INTEGER, quad INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, words TEXT NOT NULL,
    actors, recipients,                  -- entities: 12, or '12,45'
    edtf TEXT,                           -- '' where it is the one day `first` and `last`
    first INTEGER, last INTEGER,
    site INTEGER, country INTEGER,
    factuality INTEGER NOT NULL, aux INTEGER,
    source INTEGER,                      -- the statement that alone says so
    confidence INTEGER NOT NULL,
    same INTEGER
);
CREATE INDEX event_same ON event (same) WHERE same IS NOT NULL;

-- Who has a part in which event: 1 actor, 2 recipient.
CREATE TABLE did (
    entity INTEGER NOT NULL, role INTEGER NOT NULL, event INTEGER NOT NULL,
    copy INTEGER NOT NULL,
    PRIMARY KEY (entity, role, event)
) WITHOUT ROWID;

CREATE TABLE position (
    id INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL, stance INTEGER NOT NULL, issue INTEGER,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, object TEXT NOT NULL,
    statement INTEGER, confidence INTEGER NOT NULL,
    same INTEGER
);
CREATE INDEX position_same ON position (same) WHERE same IS NOT NULL;
CREATE INDEX position_issue ON position (issue);

-- Who holds which position: 1 holder.
CREATE TABLE held (
    entity INTEGER NOT NULL, role INTEGER NOT NULL, position INTEGER NOT NULL,
    copy INTEGER NOT NULL,
    PRIMARY KEY (entity, role, position)
) WITHOUT ROWID;

-- How much an entity said and did in a month of publication, copies left out: statements made,
-- statements about it, events in which it has a part, positions. Months are counted from
-- 1600-01; -1 is that of articles without a date.
CREATE TABLE tally (
    entity INTEGER NOT NULL, month INTEGER NOT NULL,
    said INTEGER NOT NULL, about INTEGER NOT NULL, events INTEGER NOT NULL,
    positions INTEGER NOT NULL,
    PRIMARY KEY (entity, month)
) WITHOUT ROWID;

-- The smallest hashes of word shingles, by which copies are found.
CREATE TABLE band (
    hash INTEGER NOT NULL, article INTEGER NOT NULL,
    PRIMARY KEY (hash, article)
) WITHOUT ROWID;

-- Bands of articles that came lately. A hash may be anything: each would be written to a page of its
-- own in the long table, so they wait here until there are enough of them for each page.
CREATE TABLE recent_band (
    hash INTEGER NOT NULL, article INTEGER NOT NULL,
    PRIMARY KEY (hash, article)
) WITHOUT ROWID;

-- Identity across articles as people decided it, and what they corrected: append-only. What was
-- undone stays, with when and why.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL, author TEXT NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL,
    reason TEXT NOT NULL,
    article BLOB,                        -- identity of the article that it corrects
    undone_at TEXT, undone_by TEXT, undone_why TEXT
);
CREATE INDEX decision_article ON decision (article) WHERE article IS NOT NULL;

-- Runs of `add` and `refresh`.
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    what TEXT NOT NULL, begun TEXT NOT NULL, ended TEXT,
    added INTEGER NOT NULL DEFAULT 0, known INTEGER NOT NULL DEFAULT 0,
    copies INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0
);

-- Words of articles and of statements, as the analyser writes them. Only whether a text has a
-- word is kept: phrases are looked for in the text itself. The row of a statement is the article's id
-- shifted by 6 bits, with its number, 63 for all from there on. Plain contentless tables: SQLite
-- before 3.43 can open them.
CREATE VIRTUAL TABLE article_words USING fts5 (
    terms, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE statement_words USING fts5 (
    terms, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 0'
);
