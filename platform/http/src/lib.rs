//! Http: what stands between poem and the rooms. The four guards, problems with words, the rules for
//! origins, headers and sizes, and the pages. This crate knows no room and no operation.

mod below_slug;
pub mod cookies;
mod edge;
mod guards;
mod headers;
pub mod live;
mod origin;
pub mod pages;
mod words;

pub use below_slug::below_slug;
pub use edge::{Site, edge};
pub use guards::{Answer, IdempotencyKey, Newcomer, Operator, Portal, Visitor};
pub use words::{Words, words};

pub use poem;
pub use poem_openapi;
