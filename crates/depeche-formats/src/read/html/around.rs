//! What of a page surrounds its article, told by its marks and by its build?

use std::collections::BTreeMap;

use dom_query::{Document as Tree, NodeData, NodeId, NodeRef};

/// Elements that a page marks as no part of its text. Forms are left: some systems wrap the whole
/// page in one.
const AROUND: &[&str] = &[
    "nav",
    "aside",
    "dialog",
    "template",
    "button",
    "figcaption",
    "script",
    "style",
    "svg",
];
/// Roles (WAI-ARIA) of what is no part of it.
const AROUND_ROLES: &[&str] = &["dialog", "navigation", "search", "complementary"];

/// Takes out what the page itself marks as no part of its text, then its teasers.
pub(super) fn remove(page: &Tree) {
    let is_around = |node: &NodeRef<'_>| {
        let named = node.node_name().is_some_and(|n| AROUND.contains(&&*n));
        let role = || node.attr("role").is_some_and(|r| AROUND_ROLES.contains(&&*r));
        let modal = || node.attr("aria-modal").is_some_and(|m| &*m == "true");
        named || role() || node.has_attr("hidden") || modal()
    };
    let around: Vec<NodeRef<'_>> =
        page.root().descendants_it().filter(|n| n.is_element() && is_around(n)).collect();
    for node in around {
        node.remove_from_parent();
    }
    for node in teasers(page) {
        node.remove_from_parent();
    }
}

/// So many of one build under one parent are a list.
const LIST: usize = 6;
/// Elements that lists of teasers are made of. A paragraph or a word with a link in it is none.
const BOXES: &[&str] = &["div", "article", "section", "li", "a", "figure"];
/// Elements that make a link a teaser: it has a headline or a picture.
const SHOWN: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6", "img", "picture"];
/// A piece of text outside links that is as long as this, in characters without blanks, is text
/// that somebody is to read here.
const READ_HERE: usize = 200;

/// What an element and all in it add up to.
struct Sum<'t> {
    node: NodeRef<'t>,
    parent: usize,
    is_box: bool,
    /// Whether it is, or is in, a link to another page.
    linked: bool,
    shown: bool,
    /// Characters without blanks.
    text: usize,
    /// Those of them that are in links to other pages.
    in_links: usize,
    /// The longest piece of text outside such links.
    longest: usize,
}

impl Sum<'_> {
    /// Links with a headline or a picture and few words beside, or links and hardly anything else.
    fn is_teaser(&self) -> bool {
        let name_alone = self.node.has_name("a");
        let share = self.in_links as f64 / self.text.max(1) as f64;
        self.is_box
            && self.longest < READ_HERE
            && self.in_links > 0
            && (self.shown && share >= 0.25 || !name_alone && share >= 0.5)
    }
}

/// Blocks of one build, side by side, that lead to other articles. Portals set hundreds of them beside
/// an article, and all their headlines together weigh more than its paragraphs.
fn teasers(page: &Tree) -> Vec<NodeRef<'_>> {
    let sums = sums(page);
    let mut lists: BTreeMap<(usize, String), Vec<&Sum<'_>>> = BTreeMap::new();
    for sum in sums.iter().filter(|s| s.is_box) {
        let name = sum.node.node_name().unwrap_or_default();
        let class = sum.node.class().unwrap_or_default();
        lists.entry((sum.parent, format!("{name} {class}"))).or_default().push(sum);
    }
    let mut found = Vec::new();
    for list in lists.into_values().filter(|l| l.len() >= LIST) {
        let teasers: Vec<_> =
            list.iter().filter(|s| s.is_teaser()).map(|s| s.node).collect();
        if teasers.len() * 5 >= list.len() * 4 {
            found.extend(teasers);
        }
    }
    found
}

/// Adds up every element of the page, parents before their children.
fn sums(page: &Tree) -> Vec<Sum<'_>> {
    let mut sums: Vec<Sum<'_>> = Vec::new();
    let mut open: Vec<(NodeId, usize)> = Vec::new();
    for node in page.root().descendants_it() {
        let parent = node.parent().map(|p| p.id);
        while open.last().is_some_and(|&(id, _)| Some(id) != parent) {
            open.pop();
        }
        let above = open.last().map_or(0, |&(_, at)| at);
        let linked = sums.get(above).is_some_and(|s| s.linked);
        if node.is_element() {
            let name = node.node_name().unwrap_or_default();
            let leads_on = || node.attr("href").is_some_and(|to| !to.starts_with('#'));
            open.push((node.id, sums.len()));
            sums.push(Sum {
                node,
                parent: above,
                is_box: BOXES.contains(&&*name),
                linked: linked || &*name == "a" && leads_on(),
                shown: SHOWN.contains(&&*name),
                text: 0,
                in_links: 0,
                longest: 0,
            });
        } else if let Some(sum) = sums.get_mut(above) {
            let text = characters(&node);
            sum.text += text;
            if linked {
                sum.in_links += text;
            } else {
                sum.longest = sum.longest.max(text);
            }
        }
    }
    for n in (1..sums.len()).rev() {
        let Sum { parent, shown, text, in_links, longest, .. } = sums[n];
        let above = &mut sums[parent];
        above.shown |= shown;
        above.text += text;
        above.in_links += in_links;
        above.longest = above.longest.max(longest);
    }
    sums
}

/// How many characters a node of text has, without blanks.
fn characters(node: &NodeRef<'_>) -> usize {
    node.query_or(0, |node| match &node.data {
        NodeData::Text { contents } => {
            contents.chars().filter(|c| !c.is_whitespace()).count()
        }
        _ => 0,
    })
}
