//! The isolation of schools across the whole house (S04, S11 to S13): two schools and two applicants side
//! by side, every operation asked by everybody, and all that comes out read for what is another's.

mod canary;
mod founder;
mod gathering;
mod neighbours;
mod traces;
mod wires;
