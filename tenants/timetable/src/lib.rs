//! Timetable: lessons. A lesson is a class, a subject, a teacher, a day and a number; its times come from
//! the bells. The journal points to lessons and to nothing else of the timetable, so a change of plan
//! never touches what was held.

mod api;
mod heir;
mod ops;
mod store;
pub mod wire;

pub use api::TimetableApi;
pub use heir::HEIR;
pub use store::{LessonRow, lesson, lessons_between, lessons_of_class, lessons_of_teacher, next_day_with_lessons};

#[cfg(test)]
mod tests;
