//! What do the extractors look at? The layers of a text, and the shape of its trees.

use std::ops::Range;

use depeche_rule::{ClassId, Hit, Pack, Value, View, Words};
use depeche_text::syntax::{Deprel, Syntax};
use depeche_text::{Morph, Quotation, Span, Token, Upos};
use depeche_time::Timex;

/// The layers of one text. Extractors read them and change none.
#[derive(Clone, Copy, Debug)]
pub struct Layers<'a> {
    /// The language.
    pub pack: &'a Pack,
    /// The text.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a [Token],
    /// Its sentences, as ranges of tokens.
    pub sentences: &'a [Range<usize>],
    /// Words of the language, classes and numbers.
    pub words: &'a Words,
    /// Tags and trees.
    pub syntax: &'a Syntax,
    /// The shape of the trees.
    pub tree: &'a Tree,
    /// What stands in quotation marks.
    pub quotes: &'a [Quotation],
    /// Time expressions.
    pub times: &'a [Timex],
    /// Parts of the article.
    pub blocks: &'a [crate::Block],
    /// The reflexive pronouns of the language.
    pub reflexive: Option<ClassId>,
}

impl<'a> Layers<'a> {
    /// What patterns look at.
    pub fn view(&self) -> View<'a> {
        View {
            text: self.text,
            tokens: self.tokens,
            sentences: self.sentences,
            words: self.words,
            morph: &self.syntax.morph,
        }
    }

    /// The text of a token.
    pub fn word(&self, token: usize) -> &'a str {
        self.tokens[token].span.of(self.text)
    }

    /// The tag of a token.
    pub fn morph(&self, token: usize) -> Morph {
        self.syntax.morph[token]
    }

    /// The part of speech of a token.
    pub fn upos(&self, token: usize) -> Upos {
        self.syntax.morph[token].upos
    }

    /// The relation of a token to its head.
    pub fn deprel(&self, token: usize) -> Deprel {
        self.syntax.deprel[token]
    }

    /// The head of a token.
    pub fn head(&self, token: usize) -> Option<usize> {
        self.syntax.head[token].map(|h| h as usize)
    }

    /// The dependents of a token, in order.
    pub fn children(&self, token: usize) -> impl Iterator<Item = usize> + 'a {
        self.tree.children(token).iter().map(|&c| c as usize)
    }

    /// The dependents of a token that have one of these relations.
    pub fn children_by<'s>(
        &'s self,
        token: usize,
        relations: &'s [Deprel],
    ) -> impl Iterator<Item = usize> + use<'a, 's> {
        let syntax = self.syntax;
        self.children(token).filter(move |&c| relations.contains(&syntax.deprel[c]))
    }

    /// The sentence that a token stands in.
    pub fn sentence(&self, token: usize) -> Range<usize> {
        self.sentences[self.sentence_index(token)].clone()
    }

    /// The place of a token's sentence among the sentences.
    pub fn sentence_index(&self, token: usize) -> usize {
        self.sentences.partition_point(|s| s.end <= token).min(self.sentences.len() - 1)
    }

    /// The place of a token's block among the blocks.
    pub fn block_index(&self, token: usize) -> Option<usize> {
        let at = self.blocks.partition_point(|b| b.tokens.end <= token);
        self.blocks.get(at).filter(|b| b.tokens.contains(&token)).map(|_| at)
    }

    /// The bytes from the first to the last of some tokens.
    pub fn span(&self, tokens: &Range<usize>) -> Span {
        Span::new(
            self.tokens[tokens.start].span.start,
            self.tokens[tokens.end - 1].span.end,
        )
    }

    /// The text of some tokens.
    pub fn text_of(&self, tokens: &Range<usize>) -> &'a str {
        self.span(tokens).of(self.text)
    }

    /// The longest member of a class that begins at a token.
    pub fn hit(&self, token: usize, class: Option<ClassId>) -> Option<Hit> {
        self.words.hit(token, class?)
    }

    /// The value of a hit.
    pub fn value(&self, hit: Hit) -> &'a Value {
        self.pack.value(hit.class, hit.value)
    }

    /// A text among the fields of a hit's value.
    pub fn field(&self, hit: Hit, field: &str) -> Option<&'a str> {
        self.value(hit).get(field).and_then(Value::text)
    }

    /// The innermost quotation that holds a token.
    pub fn quotation_at(&self, token: usize) -> Option<usize> {
        let holds = |q: &Quotation| q.outside.contains(&token);
        let until = self.quotes.partition_point(|q| q.outside.start <= token);
        // Quotations nest at most a few deep, so the one that holds it is near.
        (0..until).rev().take(64).find(|&n| holds(&self.quotes[n]))
    }

    /// The head of some tokens: the one whose own head lies outside.
    pub fn head_of(&self, tokens: &Range<usize>) -> usize {
        let outside = |&t: &usize| self.head(t).is_none_or(|h| !tokens.contains(&h));
        tokens.clone().find(outside).unwrap_or(tokens.start)
    }

    /// Whether a token stands in a time expression.
    pub fn is_time(&self, token: usize) -> bool {
        let n = self.times.partition_point(|t| t.tokens.end <= token);
        self.times.get(n).is_some_and(|t| t.tokens.contains(&token))
    }

    /// Whether a token is a mark that carries no words.
    pub fn is_punct(&self, token: usize) -> bool {
        self.upos(token) == Upos::Punct
    }
}

/// The shape of the trees of a text: dependents, and how far each subtree reaches.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    starts: Vec<u32>,
    children: Vec<u32>,
    reach: Vec<(u32, u32)>,
}

impl Tree {
    /// Works out the shape.
    pub fn new(syntax: &Syntax) -> Tree {
        let n = syntax.head.len();
        let mut starts = vec![0u32; n + 2];
        for head in syntax.head.iter().flatten() {
            starts[*head as usize + 2] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut children = vec![0u32; starts.last().copied().unwrap_or(0) as usize];
        for (token, head) in syntax.head.iter().enumerate() {
            if let Some(head) = head {
                let at = &mut starts[*head as usize + 1];
                children[*at as usize] = token as u32;
                *at += 1;
            }
        }
        let mut tree = Tree { starts, children, reach: vec![(0, 0); n] };
        tree.measure(syntax);
        tree
    }

    /// Reach of each subtree: leaves first, by walking up from every token.
    fn measure(&mut self, syntax: &Syntax) {
        let n = syntax.head.len();
        for (t, reach) in self.reach.iter_mut().enumerate() {
            *reach = (t as u32, t as u32 + 1);
        }
        let mut waiting: Vec<u32> =
            (0..n).map(|t| self.children(t).len() as u32).collect();
        let mut ready: Vec<usize> = (0..n).filter(|&t| waiting[t] == 0).collect();
        while let Some(token) = ready.pop() {
            let Some(head) = syntax.head[token].map(|h| h as usize) else { continue };
            let (from, to) = self.reach[token];
            let reach = &mut self.reach[head];
            *reach = (reach.0.min(from), reach.1.max(to));
            waiting[head] -= 1;
            if waiting[head] == 0 {
                ready.push(head);
            }
        }
    }

    /// The dependents of a token, in order.
    pub fn children(&self, token: usize) -> &[u32] {
        &self.children[self.starts[token] as usize..self.starts[token + 1] as usize]
    }

    /// From the first to the last token of a subtree.
    pub fn reach(&self, token: usize) -> Range<usize> {
        let (from, to) = self.reach[token];
        from as usize..to as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_knows_its_dependents_and_its_reach() {
        // Le ministre de Rome parle: 0←1, 1←4, 2←3, 3←1, 4 root.
        let syntax = Syntax {
            morph: vec![Morph::of(Upos::X); 5],
            head: vec![Some(1), Some(4), Some(3), Some(1), None],
            deprel: vec![Deprel::Dep; 5],
        };
        let tree = Tree::new(&syntax);
        assert_eq!(tree.children(1), [0, 3]);
        assert_eq!(tree.children(4), [1]);
        assert!(tree.children(0).is_empty());
        assert_eq!(tree.reach(1), 0..4);
        assert_eq!(tree.reach(4), 0..5);
    }
}
