//! What does depeche hand over? One [`Record`] an article: plain data, and nothing to call.
//!
//! Three things stay apart: an instance (an actor, an event), the mentions that denote it
//! (characters of the text), and the attribution (who vouches for it). Every field that is not
//! the article's own traces to characters; what is unknown is `null`.
//!
//! Spans count **Unicode code points** of `article.text`, half-open, and carry the slice.
//! Names follow Web Annotation (evidence), PLOVER 2.0 (events), TIMEX3 and EDTF (time),
//! FactBank (factuality), followthemoney (actors) and PROV (runs).

mod ontology;
mod record;

pub use ontology::{EventType, PLOVER, Plover, Quad};
pub use record::{
    Actor, ActorKind, Article, Block, BlockKind, Cue, CueClass, Event, Factuality,
    Mention, MentionForm, Place, PlaceKind, Position, Record, Role, RoleKind, Run,
    SCHEMA, Span, Speaker, Stance, Statement, StatementKind, Time, TimeKind, Warning,
    Wire, schema,
};
