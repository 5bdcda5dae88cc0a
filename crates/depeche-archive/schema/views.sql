-- What a person sees who opens an archive with sqlite3, Datasette or DuckDB. They are made anew
-- whenever an archive is opened for writing by a version that has other ones.

CREATE VIEW articles AS
SELECT
    lower(substr(hex(a.identity), 1, 12)) AS ref,
    a.published, a.title, o.text AS outlet, g.text AS agency, l.text AS lang, a.key, a.url,
    r.text AS rights, a.length, a.dispatch <> a.id AS is_copy,
    (SELECT lower(substr(hex(h.identity), 1, 12)) FROM article h WHERE h.id = a.dispatch) AS dispatch,
    w.text AS relation, a.id
FROM article a
LEFT JOIN word o ON o.id = a.outlet
LEFT JOIN word g ON g.id = a.agency
LEFT JOIN word l ON l.id = a.lang
LEFT JOIN word r ON r.id = a.rights
LEFT JOIN word w ON w.id = a.relation;

CREATE VIEW statements AS
SELECT
    a.ref || ':' || s.start || '-' || s.stop AS ref,
    a.published, a.outlet,
    (SELECT group_concat(e.name, '; ') FROM json_each('[' || s.speakers || ']') p
     JOIN entity e ON e.id = p.value) AS speakers,
    k.text AS kind, c.text AS cue, t.text AS class, s.content,
    date('1600-01-01', s.first || ' days') AS said_first,
    date('1600-01-01', s.last || ' days') AS said_last,
    s.confidence / 100.0 AS confidence, s.same IS NOT NULL AS is_copy, s.id, a.id AS article
FROM statement s
JOIN articles a ON a.id = s.id >> 14
LEFT JOIN word k ON k.id = s.kind
LEFT JOIN word c ON c.id = s.cue
LEFT JOIN word t ON t.id = s.class;

CREATE VIEW events AS
SELECT
    a.ref || ':' || e.start || '-' || e.stop AS ref,
    a.published, a.outlet, t.text AS type, m.text AS mode, q.text AS cameo, e.quad,
    (SELECT group_concat(n.name, '; ') FROM json_each('[' || e.actors || ']') p
     JOIN entity n ON n.id = p.value) AS actors,
    (SELECT group_concat(n.name, '; ') FROM json_each('[' || e.recipients || ']') p
     JOIN entity n ON n.id = p.value) AS recipients,
    e.words, iif(e.edtf = '', date('1600-01-01', e.first || ' days'), e.edtf) AS date,
    date('1600-01-01', e.first || ' days') AS first,
    date('1600-01-01', e.last || ' days') AS last,
    p.name AS place, c.text AS country, f.text AS factuality, x.text AS aux,
    e.confidence / 100.0 AS confidence, e.same IS NOT NULL AS is_copy, e.id, a.id AS article
FROM event e
JOIN articles a ON a.id = e.id >> 14
LEFT JOIN word t ON t.id = e.type
LEFT JOIN word m ON m.id = e.mode
LEFT JOIN word q ON q.id = e.cameo
LEFT JOIN site p ON p.id = e.site
LEFT JOIN word c ON c.id = e.country
LEFT JOIN word f ON f.id = e.factuality
LEFT JOIN word x ON x.id = e.aux;

CREATE VIEW positions AS
SELECT
    a.ref || ':' || p.start || '-' || p.stop AS ref,
    a.published, a.outlet, e.name AS actor, s.text AS stance, i.text AS issue, p.object,
    p.confidence / 100.0 AS confidence, p.same IS NOT NULL AS is_copy, p.id, a.id AS article
FROM position p
JOIN articles a ON a.id = p.id >> 14
JOIN entity e ON e.id = p.entity
LEFT JOIN word s ON s.id = p.stance
LEFT JOIN word i ON i.id = p.issue;

CREATE VIEW actors AS
SELECT e.name, k.text AS kind, c.text AS country, e.qid,
    (SELECT group_concat(a.name, '; ') FROM alias a WHERE a.entity = e.id) AS other_names, e.id
FROM entity e
LEFT JOIN word k ON k.id = e.kind
LEFT JOIN word c ON c.id = e.country
WHERE e.identified AND e.root = e.id;

CREATE VIEW appearances AS
SELECT e.name AS actor, a.ref, a.published, a.outlet, a.title, e.id AS entity, a.id AS article
FROM actor x
JOIN articles a ON a.id = x.article
JOIN entity n ON n.id = x.entity
JOIN entity e ON e.id = n.root;

CREATE VIEW places AS
SELECT a.ref || ':' || p.start || '-' || p.stop AS ref, s.name, k.text AS kind, c.text AS country,
    s.disputed, s.geonames, s.lat, s.lon, p.id, a.id AS article
FROM place p
JOIN articles a ON a.id = p.id >> 14
JOIN site s ON s.id = p.site
LEFT JOIN word k ON k.id = s.kind
LEFT JOIN word c ON c.id = s.country;

CREATE VIEW dispatches AS
SELECT h.ref AS dispatch, h.title, count(*) AS articles, count(DISTINCT a.outlet) AS outlets,
    min(a.published) AS first, max(a.published) AS last
FROM article x
JOIN articles a ON a.id = x.id
JOIN articles h ON h.id = x.dispatch
WHERE x.dispatch IN (SELECT dispatch FROM article WHERE dispatch <> id)
GROUP BY x.dispatch;
